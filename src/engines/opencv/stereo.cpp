// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "engines/opencv/detectors.hpp"
#include "engines/opencv/pictures.hpp"

namespace hailstone::engines::opencv {
namespace {

// As OpenCV's own example: penalties for a step of one pixel and for a larger one, for each channel
// and pixel of the block.
constexpr int kBlock = 5;
constexpr int kChannels = 3;
constexpr int kSmallStep = 8 * kChannels * kBlock * kBlock;
constexpr int kLargeStep = 32 * kChannels * kBlock * kBlock;
constexpr int kSixteenths = 16;  // OpenCV counts disparities in these

int round_up(int value, int step) noexcept {
  return (value + step - 1) / step * step;
}

class StereoMatcher : public inference::TensorSession {
 public:
  StereoMatcher(int max_side, int disparities) : max_side_(max_side), disparities_(disparities) {}

  std::vector<inference::TensorInfo> inputs() const override {
    return {picture_info("left"), picture_info("right")};
  }
  std::vector<inference::TensorInfo> outputs() const override { return {disparity_info()}; }

  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    run.check();
    require_count(inputs, 2);
    const cv::Mat left = view_picture(inputs[0], "left");
    const cv::Mat right = view_picture(inputs[1], "right");
    if (left.size() != right.size()) {
      throw Error(ErrorCode::kBadRequest, "inputs left and right: of different sizes");
    }
    std::vector<float> disparity(left.total());
    cv::Mat out(left.size(), CV_32F, disparity.data());
    guarded([&] { match(left, right, out); });
    run.check();
    auto info = disparity_info();
    info.shape = {1, left.rows, left.cols};
    return {{std::move(info), std::move(disparity)}};
  }

 private:
  static inference::TensorInfo disparity_info() {
    return {"disparity", inference::ElementType::kFloat32, {1, -1, -1}};
  }

  /// out: of the given size.
  void match(const cv::Mat& left, const cv::Mat& right, cv::Mat& out) const {
    out.setTo(0);
    const WorkPicture a = fit(left, max_side_);
    const WorkPicture b = fit(right, max_side_);
    const int width = a.picture.cols;
    const int range = disparities_ > 0 ? disparities_ : round_up(std::max(width / 6, 16), 16);
    if (width <= range + kBlock || a.picture.rows <= kBlock) return;  // nothing can be compared
    // What is within the range from the left edge has nothing to be compared with beyond it.
    cv::Mat padded[2];
    cv::copyMakeBorder(a.picture, padded[0], 0, 0, range, 0, cv::BORDER_REPLICATE);
    cv::copyMakeBorder(b.picture, padded[1], 0, 0, range, 0, cv::BORDER_REPLICATE);
    const auto matcher = cv::StereoSGBM::create(
        0, range, kBlock, kSmallStep, kLargeStep, /*disp12MaxDiff=*/1,
        /*preFilterCap=*/63, /*uniquenessRatio=*/10,
        /*speckleWindowSize=*/100, /*speckleRange=*/2, cv::StereoSGBM::MODE_SGBM);
    cv::Mat fixed;
    matcher->compute(padded[0], padded[1], fixed);
    cv::Mat found;
    fixed(cv::Rect(range, 0, width, a.picture.rows)).convertTo(found, CV_32F, 1.0 / kSixteenths);
    found.setTo(0, found < 0);
    if (a.scale == 1) {
      found.copyTo(out);
      return;
    }
    cv::resize(found, out, out.size(), 0, 0, cv::INTER_NEAREST);
    out *= 1 / a.scale;
  }

  const int max_side_;
  const int disparities_;
};

}  // namespace

std::unique_ptr<inference::TensorSession> make_stereo_matcher(int max_side, int disparities) {
  return std::make_unique<StereoMatcher>(max_side, disparities);
}

}  // namespace hailstone::engines::opencv
