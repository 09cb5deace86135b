// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/opencv/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"

namespace hailstone::engines::opencv {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

constexpr std::int64_t kMostSide = 1 << 15;

[[noreturn]] void refuse(const char* name, const std::string& problem) {
  throw Error(ErrorCode::kBadRequest, "input " + std::string(name) + ": " + problem,
              "a picture is uint8 [1, height, width, 3], at most 32768 pixels a side");
}

}  // namespace

TensorInfo picture_info(const char* name) {
  return {name, ElementType::kUint8, {1, -1, -1, 3}};
}

cv::Mat view_picture(const Tensor& tensor, const char* name) {
  if (tensor.info.type != ElementType::kUint8) refuse(name, "elements of 8 bits expected");
  auto shape = tensor.info.shape;
  if (shape.size() == 4 && shape.front() == 1) shape.erase(shape.begin());
  if (shape.size() != 3 || shape[2] != 3) refuse(name, "not the shape of a picture");
  const auto [height, width] = std::pair(shape[0], shape[1]);
  if (height < 1 || width < 1 || height > kMostSide || width > kMostSide) {
    refuse(name, std::to_string(width) + " x " + std::to_string(height) + " pixels");
  }
  if (tensor.data.size() != static_cast<std::size_t>(height * width * 3)) {
    refuse(name, std::to_string(tensor.data.size()) + " bytes are not " + std::to_string(width) +
                     " x " + std::to_string(height) + " x 3");
  }
  // OpenCV has no view of what is constant; nobody writes to it.
  auto* pixels = const_cast<std::byte*>(tensor.data.data());  // NOLINT
  return {static_cast<int>(height), static_cast<int>(width), CV_8UC3, pixels};
}

void require_count(const std::vector<Tensor>& inputs, std::size_t count) {
  if (inputs.size() == count) return;
  throw Error(ErrorCode::kBadRequest,
              std::to_string(count) + " input(s) expected, got " + std::to_string(inputs.size()));
}

WorkPicture fit(const cv::Mat& given, int max_side, double max_growth) {
  const double longer = std::max(given.cols, given.rows);
  const double scale = std::min(max_side / longer, max_growth);
  if (scale == 1) return {given, 1};
  WorkPicture work{{}, scale};
  const cv::Size size(std::max(1, static_cast<int>(std::lround(given.cols * scale))),
                      std::max(1, static_cast<int>(std::lround(given.rows * scale))));
  cv::resize(given, work.picture, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return work;
}

TensorInfo boxes_info() {
  return {"boxes", ElementType::kFloat32, {-1, 6}};
}

Tensor make_boxes(std::vector<ScoredBox> boxes, cv::Size picture) {
  std::stable_sort(boxes.begin(), boxes.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<float> values;
  values.reserve(boxes.size() * 6);
  for (auto& [box, score] : boxes) {
    box &= cv::Rect2d(0, 0, picture.width, picture.height);
    if (box.empty()) continue;
    for (const double value : {box.x, box.y, box.width, box.height, score, 0.0}) {
      values.push_back(static_cast<float>(value));
    }
  }
  TensorInfo info = boxes_info();
  info.shape.front() = static_cast<std::int64_t>(values.size() / 6);
  return {std::move(info), std::move(values)};
}

double logistic(double weight, double slope, double middle) noexcept {
  return 1 / (1 + std::exp(-slope * (weight - middle)));
}

void rethrow(const cv::Exception& error) {
  if (error.code == cv::Error::StsNoMem) {
    throw Error(ErrorCode::kOutOfMemory, "no memory for the picture");
  }
  throw Error(ErrorCode::kEngineFailed, "OpenCV failed: " + error.err);
}

}  // namespace hailstone::engines::opencv
