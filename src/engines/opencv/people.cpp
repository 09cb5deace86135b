// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "engines/opencv/detectors.hpp"
#include "engines/opencv/pictures.hpp"

namespace hailstone::engines::opencv {
namespace {

constexpr double kScoreSlope = 0.82;
constexpr double kScoreMiddle = 1.82;
// The classifier's window has a margin around the person: 64 x 128 pixels for one of about 96.
constexpr double kBodyWidth = 0.75;
constexpr double kBodyHeight = 0.83;
// Two boxes that overlap by more than this (intersection over union) are one person.
constexpr double kSamePerson = 0.5;
/// Smaller pictures are enlarged: a person of fewer than 96 pixels is not seen.
constexpr double kMostGrowth = 2;

cv::Rect2d body_of(const cv::Rect& window, double scale) {
  const double width = window.width * kBodyWidth;
  const double height = window.height * kBodyHeight;
  return {(window.x + (window.width - width) / 2) / scale,
          (window.y + (window.height - height) / 2) / scale, width / scale, height / scale};
}

bool is_same(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double shared = (a & b).area();
  return shared > kSamePerson * (a.area() + b.area() - shared);
}

class PeopleDetector : public inference::TensorSession {
 public:
  explicit PeopleDetector(int max_side) : max_side_(max_side) {
    hog_.setSVMDetector(cv::HOGDescriptor::getDefaultPeopleDetector());
  }

  std::vector<inference::TensorInfo> inputs() const override { return {picture_info("image")}; }
  std::vector<inference::TensorInfo> outputs() const override { return {boxes_info()}; }

  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    run.check();
    require_count(inputs, 1);
    const cv::Mat picture = view_picture(inputs.front(), "image");
    auto boxes = guarded([&] { return detect(picture); });
    run.check();
    return {make_boxes(std::move(boxes), picture.size())};
  }

 private:
  /// The weight is the distance from the classifier's plane; what is behind it is not given.
  std::vector<ScoredBox> detect(const cv::Mat& picture) const {
    const WorkPicture work = fit(picture, max_side_, kMostGrowth);
    if (work.picture.cols < hog_.winSize.width || work.picture.rows < hog_.winSize.height) {
      return {};
    }
    std::vector<cv::Rect> windows;
    std::vector<double> weights;
    hog_.detectMultiScale(work.picture, windows, weights, /*hitThreshold=*/0,
                          /*winStride=*/{8, 8}, /*padding=*/{16, 16}, /*scale=*/1.05,
                          /*groupThreshold=*/2, /*useMeanshiftGrouping=*/false);
    std::vector<std::size_t> order(windows.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return weights[a] > weights[b]; });
    std::vector<ScoredBox> people;
    for (const auto i : order) {
      const cv::Rect2d body = body_of(windows[i], work.scale);
      const bool is_known = std::any_of(people.begin(), people.end(), [&](const auto& person) {
        return is_same(person.box, body);
      });
      if (!is_known) people.push_back({body, logistic(weights[i], kScoreSlope, kScoreMiddle)});
    }
    return people;
  }

  const int max_side_;
  cv::HOGDescriptor hog_;  // detecting changes nothing in it
};

}  // namespace

std::unique_ptr<inference::TensorSession> make_people_detector(int max_side) {
  return guarded([&] { return std::make_unique<PeopleDetector>(max_side); });
}

}  // namespace hailstone::engines::opencv
