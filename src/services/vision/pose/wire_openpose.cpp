// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/pose/wire.hpp"

// The file that OpenPose writes for a picture (its "Output format" page): people with their points
// as x, y, confidence; 0, 0, 0 is a point that was not found. COCO's networks know neither the neck
// nor the middle of the hips: both lie between two points that they know. Nor do they know feet.

namespace hailstone::pose {
namespace {

using Json = nlohmann::ordered_json;
using vision::Keypoint;

/// OpenPose leaves out what is less sure.
constexpr double kLeastConfidence = 0.05;
constexpr std::size_t kBody = 17;

/// Which of COCO's 17 points stands there; of two the one between them; none: not known.
struct Source {
  int first = -1;
  int second = -1;
};

constexpr Source kNeck{5, 6};
constexpr Source kMiddleOfHips{11, 12};

/// Nose, neck, right arm, left arm, middle of the hips, right leg, left leg, eyes, ears, feet.
constexpr std::array<Source, 25> kBody25 = {
    {{0},  kNeck, {6},  {8},  {10}, {5},  {7}, {9}, kMiddleOfHips,
     {12}, {14},  {16}, {11}, {13}, {15}, {2}, {1}, {4},
     {3},  {},    {},   {},   {},   {},   {}}};

constexpr std::array<Source, 18> kCoco18 = {{{0},
                                             kNeck,
                                             {6},
                                             {8},
                                             {10},
                                             {5},
                                             {7},
                                             {9},
                                             {12},
                                             {14},
                                             {16},
                                             {11},
                                             {13},
                                             {15},
                                             {2},
                                             {1},
                                             {4},
                                             {3}}};

Keypoint take(const std::vector<Keypoint>& body, const Source& source) {
  if (source.first < 0) return {};
  const auto& a = body[static_cast<std::size_t>(source.first)];
  if (source.second < 0) return a;
  const auto& b = body[static_cast<std::size_t>(source.second)];
  return {(a.x + b.x) / 2, (a.y + b.y) / 2, std::min(a.confidence, b.confidence)};
}

Json write_points(const std::vector<Keypoint>& body, std::span<const Source> sources) {
  Json numbers = Json::array();
  for (const auto& source : sources) {
    const Keypoint point = take(body, source);
    const bool is_found = point.confidence >= kLeastConfidence;
    numbers.push_back(is_found ? picture::to_pixels(point.x) : 0);
    numbers.push_back(is_found ? picture::to_pixels(point.y) : 0);
    numbers.push_back(is_found ? picture::to_score(point.confidence) : 0);
  }
  return numbers;
}

}  // namespace

std::string write_openpose(const Result& result, OpenPoseBody body) {
  const std::span<const Source> sources =
      body == OpenPoseBody::kBody25 ? std::span<const Source>(kBody25) : kCoco18;
  Json people = Json::array();
  for (const auto& person : result.detections) {
    if (person.keypoints.size() != kBody) {
      throw Error(ErrorCode::kUnsupported,
                  "format: model '" + result.model + "' finds " +
                      std::to_string(person.keypoints.size()) +
                      " points, which are not the 17 of a body that OpenPose's are made of");
    }
    Json entry{{"person_id", {-1}}, {"pose_keypoints_2d", write_points(person.keypoints, sources)}};
    for (const char* other : {"face_keypoints_2d", "hand_left_keypoints_2d",
                              "hand_right_keypoints_2d", "pose_keypoints_3d", "face_keypoints_3d",
                              "hand_left_keypoints_3d", "hand_right_keypoints_3d"}) {
      entry[other] = Json::array();
    }
    people.push_back(std::move(entry));
  }
  return Json{{"version", 1.3}, {"people", std::move(people)}}.dump();
}

}  // namespace hailstone::pose
