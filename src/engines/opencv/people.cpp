// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "engines/opencv/detectors.hpp"
#include "engines/opencv/face_finder.hpp"
#include "engines/opencv/pictures.hpp"

namespace hailstone::engines::opencv {
namespace {

constexpr double kScoreSlope = 0.82;
constexpr double kScoreMiddle = 1.82;
/// Below it one window in twelve is a person.
constexpr double kLeastWeight = 0.6;
// The classifier's window has a margin around the person: 64 x 128 pixels for one of about 96.
constexpr double kBodyWidth = 0.75;
constexpr double kBodyHeight = 0.83;
// Two boxes that overlap by more than this (intersection over union) are one person.
constexpr double kSamePerson = 0.5;
/// Smaller pictures are enlarged: a person of fewer than 96 pixels is not seen.
constexpr double kMostGrowth = 2.5;

// Who sits or is cut off is known by the face alone. Below this weight a face is too often none.
constexpr double kLeastFaceWeight = 107.5;
constexpr double kFaceSlope = 2.05;
constexpr double kFaceMiddle = 108.17;
constexpr FaceSearch kFaceSearch = {.max_side = 960, .most_growth = 2, .min_face = 30};
// A person's box in widths and heights of the face's: shoulders, and what a picture often shows of
// the rest; the face begins a quarter of its height below the top. Of 0.31 of a person's width and
// 0.2 of its height at the median (COCO).
constexpr double kShoulders = 3;
constexpr double kStature = 7;
constexpr double kHair = 0.25;
/// A face's guess is rough: less overlap than kSamePerson makes it somebody who is known.
constexpr double kSameAsFace = 0.4;

cv::Rect2d body_of(const cv::Rect& window, double scale) {
  const double width = window.width * kBodyWidth;
  const double height = window.height * kBodyHeight;
  return {(window.x + (window.width - width) / 2) / scale,
          (window.y + (window.height - height) / 2) / scale, width / scale, height / scale};
}

/// Within the picture.
cv::Rect2d person_with(const cv::Rect2d& face, cv::Size picture) {
  const double width = face.width * kShoulders;
  const cv::Rect2d whole(face.x + (face.width - width) / 2, face.y - kHair * face.height, width,
                         face.height * kStature);
  return whole & cv::Rect2d(0, 0, picture.width, picture.height);
}

bool overlaps(const cv::Rect2d& a, const cv::Rect2d& b, double enough) {
  const double shared = (a & b).area();
  return shared > enough * (a.area() + b.area() - shared);
}

bool is_known(const std::vector<ScoredBox>& people, const cv::Rect2d& box, double enough) {
  return std::any_of(people.begin(), people.end(),
                     [&](const auto& person) { return overlaps(person.box, box, enough); });
}

class PeopleDetector : public inference::TensorSession {
 public:
  PeopleDetector(int max_side, std::unique_ptr<FaceFinder> faces)
      : max_side_(max_side), faces_(std::move(faces)) {
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
    add_by_face(boxes, picture, run);
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
      if (weights[i] < kLeastWeight) break;
      const cv::Rect2d body = body_of(windows[i], work.scale);
      if (is_known(people, body, kSamePerson)) continue;
      people.push_back({body, logistic(weights[i], kScoreSlope, kScoreMiddle)});
    }
    return people;
  }

  void add_by_face(std::vector<ScoredBox>& people, const cv::Mat& picture,
                   const RunContext& run) const {
    if (!faces_) return;
    for (const auto& face : faces_->find(picture, run)) {
      if (face.weight < kLeastFaceWeight) continue;
      const cv::Rect2d person = person_with(face.box, picture.size());
      if (is_known(people, person, kSameAsFace)) continue;
      people.push_back({person, logistic(face.weight, kFaceSlope, kFaceMiddle)});
    }
  }

  const int max_side_;
  const std::unique_ptr<FaceFinder> faces_;  ///< none without the data
  cv::HOGDescriptor hog_;                    // detecting changes nothing in it
};

}  // namespace

std::unique_ptr<inference::TensorSession> make_people_detector(
    int max_side, const std::optional<std::filesystem::path>& face_file, std::size_t most) {
  auto faces = face_file ? std::make_unique<FaceFinder>(kFaceSearch, *face_file, most) : nullptr;
  return guarded([&] { return std::make_unique<PeopleDetector>(max_side, std::move(faces)); });
}

}  // namespace hailstone::engines::opencv
