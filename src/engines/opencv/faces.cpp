// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/error.hpp"
#include "base/resource_pool.hpp"
#include "engines/opencv/detectors.hpp"
#include "engines/opencv/pictures.hpp"

namespace hailstone::engines::opencv {
namespace {

// Of the last stage of haarcascade_frontalface_alt.xml, whose threshold is 105.76.
constexpr double kScoreSlope = 2.13;
constexpr double kScoreMiddle = 107.34;
/// The picture is continued so far beyond its edges (a part of its longer side), so that a face
/// that fills it is found: 29 of 30 portraits instead of 15.
constexpr double kMargin = 0.1;

class FaceDetector : public inference::TensorSession {
 public:
  FaceDetector(int max_side, const std::filesystem::path& file, std::size_t most)
      : max_side_(max_side), cascades_(most, [file] { return load_cascade(file); }) {
    cascades_.acquire({});
  }

  std::vector<inference::TensorInfo> inputs() const override { return {picture_info("image")}; }
  std::vector<inference::TensorInfo> outputs() const override { return {boxes_info()}; }

  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    run.check();
    require_count(inputs, 1);
    const cv::Mat picture = view_picture(inputs.front(), "image");
    const auto cascade = cascades_.acquire(run);
    auto boxes = guarded([&] { return detect(*cascade, picture); });
    run.check();
    return {make_boxes(std::move(boxes), picture.size())};
  }

 private:
  static std::unique_ptr<cv::CascadeClassifier> load_cascade(const std::filesystem::path& file) {
    auto cascade = guarded([&] { return std::make_unique<cv::CascadeClassifier>(file.native()); });
    if (!cascade->empty()) return cascade;
    throw Error(ErrorCode::kEngineFailed, "the cascade " + file.native() + " is damaged",
                "apt-get install --reinstall opencv-data");
  }

  std::vector<ScoredBox> detect(cv::CascadeClassifier& cascade, const cv::Mat& picture) const {
    cv::Mat gray;
    const WorkPicture work = fit(picture, max_side_);
    cv::cvtColor(work.picture, gray, cv::COLOR_RGB2GRAY);
    cv::equalizeHist(gray, gray);
    const int margin = static_cast<int>(kMargin * std::max(gray.cols, gray.rows));
    cv::copyMakeBorder(gray, gray, margin, margin, margin, margin, cv::BORDER_REPLICATE);
    std::vector<cv::Rect> windows;
    std::vector<int> stages;
    std::vector<double> weights;
    cascade.detectMultiScale(gray, windows, stages, weights, /*scaleFactor=*/1.1,
                             /*minNeighbors=*/3, /*flags=*/0, /*minSize=*/{20, 20}, /*maxSize=*/{},
                             /*outputRejectLevels=*/true);
    std::vector<ScoredBox> faces;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      const cv::Rect2d box((windows[i].x - margin) / work.scale,
                           (windows[i].y - margin) / work.scale, windows[i].width / work.scale,
                           windows[i].height / work.scale);
      faces.push_back({box, logistic(weights[i], kScoreSlope, kScoreMiddle)});
    }
    return faces;
  }

  const int max_side_;
  ResourcePool<cv::CascadeClassifier> cascades_;
};

}  // namespace

std::unique_ptr<inference::TensorSession> make_face_detector(int max_side,
                                                             const std::filesystem::path& file,
                                                             std::size_t most) {
  return std::make_unique<FaceDetector>(max_side, file, most);
}

}  // namespace hailstone::engines::opencv
