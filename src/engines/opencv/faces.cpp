// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/opencv/detectors.hpp"
#include "engines/opencv/face_finder.hpp"

namespace hailstone::engines::opencv {
namespace {

constexpr double kScoreSlope = 2.13;
constexpr double kScoreMiddle = 107.34;
/// So that a face that fills the picture is found: 29 of 30 portraits instead of 15.
constexpr double kMargin = 0.1;

class FaceDetector : public inference::TensorSession {
 public:
  FaceDetector(int max_side, const std::filesystem::path& file, std::size_t most)
      : faces_({.max_side = max_side, .margin = kMargin}, file, most) {}

  std::vector<inference::TensorInfo> inputs() const override { return {picture_info("image")}; }
  std::vector<inference::TensorInfo> outputs() const override { return {boxes_info()}; }

  std::vector<inference::Tensor> run(const std::vector<inference::Tensor>& inputs,
                                     const RunContext& run) override {
    run.check();
    require_count(inputs, 1);
    const cv::Mat picture = view_picture(inputs.front(), "image");
    std::vector<ScoredBox> boxes;
    for (const auto& face : faces_.find(picture, run)) {
      boxes.push_back({face.box, logistic(face.weight, kScoreSlope, kScoreMiddle)});
    }
    run.check();
    return {make_boxes(std::move(boxes), picture.size())};
  }

 private:
  FaceFinder faces_;
};

}  // namespace

std::unique_ptr<inference::TensorSession> make_face_detector(int max_side,
                                                             const std::filesystem::path& file,
                                                             std::size_t most) {
  return std::make_unique<FaceDetector>(max_side, file, most);
}

}  // namespace hailstone::engines::opencv
