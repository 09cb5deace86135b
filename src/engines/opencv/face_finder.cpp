// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/opencv/face_finder.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"

namespace hailstone::engines::opencv {
namespace {

std::unique_ptr<cv::CascadeClassifier> load_cascade(const std::filesystem::path& file) {
  auto cascade = guarded([&] { return std::make_unique<cv::CascadeClassifier>(file.native()); });
  if (!cascade->empty()) return cascade;
  throw Error(ErrorCode::kEngineFailed, "the cascade " + file.native() + " is damaged",
              "apt-get install --reinstall opencv-data");
}

std::vector<WeightedFace> detect(cv::CascadeClassifier& cascade, const cv::Mat& picture,
                                 const FaceSearch& search) {
  cv::Mat gray;
  const WorkPicture work = fit(picture, search.max_side, search.most_growth);
  cv::cvtColor(work.picture, gray, cv::COLOR_RGB2GRAY);
  cv::equalizeHist(gray, gray);
  const int margin = static_cast<int>(search.margin * std::max(gray.cols, gray.rows));
  cv::copyMakeBorder(gray, gray, margin, margin, margin, margin, cv::BORDER_REPLICATE);
  std::vector<cv::Rect> windows;
  std::vector<int> stages;
  std::vector<double> weights;
  cascade.detectMultiScale(gray, windows, stages, weights, /*scaleFactor=*/1.1,
                           /*minNeighbors=*/3, /*flags=*/0,
                           /*minSize=*/{search.min_face, search.min_face}, /*maxSize=*/{},
                           /*outputRejectLevels=*/true);
  std::vector<WeightedFace> faces;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const cv::Rect2d box((windows[i].x - margin) / work.scale, (windows[i].y - margin) / work.scale,
                         windows[i].width / work.scale, windows[i].height / work.scale);
    faces.push_back({box, weights[i]});
  }
  return faces;
}

}  // namespace

FaceFinder::FaceFinder(const FaceSearch& search, const std::filesystem::path& file,
                       std::size_t most)
    : search_(search), cascades_(most, [file] { return load_cascade(file); }) {
  cascades_.acquire({});
}

std::vector<WeightedFace> FaceFinder::find(const cv::Mat& picture, const RunContext& run) {
  const auto cascade = cascades_.acquire(run);
  return guarded([&] { return detect(*cascade, picture, search_); });
}

}  // namespace hailstone::engines::opencv
