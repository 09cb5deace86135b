// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/pose/wire.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/object_request.hpp"
#include "services/vision/picture/upload/options.hpp"

namespace hailstone::pose {
namespace {

using Json = nlohmann::ordered_json;

/// In COCO's order, which all body networks of ours have.
constexpr std::array<std::string_view, 17> kJoints = {
    "nose",           "left_eye",   "right_eye",   "left_ear",   "right_ear",   "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip",
    "right_hip",      "left_knee",  "right_knee",  "left_ankle", "right_ankle"};

constexpr double kSeen = 0.5;

/// See Format.
constexpr std::array<std::string_view, 5> kFormats = {"json", "coco", "image", "openpose",
                                                      "openpose-coco"};

std::string joint_name(std::size_t index) {
  return index < kJoints.size() ? std::string(kJoints[index]) : "point_" + std::to_string(index);
}

Json write_joints(const vision::Detection& person) {
  Json joints = Json::array();
  for (std::size_t i = 0; i < person.keypoints.size(); ++i) {
    const auto& point = person.keypoints[i];
    joints.push_back({{"name", joint_name(i)},
                      {"x", picture::to_pixels(point.x)},
                      {"y", picture::to_pixels(point.y)},
                      {"confidence", picture::to_score(point.confidence)}});
  }
  return joints;
}

}  // namespace

std::vector<std::string> request_options() {
  return picture::object_options({"format", "image_id"});
}

Request parse_request(const picture::PictureRequest& request) {
  auto objects = picture::parse_object_request(request, kFormats);
  return {std::move(objects.task), static_cast<Format>(objects.format), objects.image_id,
          objects.file};
}

std::string write_plain(const picture::ObjectResult& result) {
  Json out = Json::array();
  for (const auto& person : result.detections) {
    out.push_back({{"person_id", out.size()},
                   {"confidence", picture::to_score(person.score)},
                   {"bbox", picture::to_bbox(person.box)},
                   {"keypoints", write_joints(person)}});
  }
  return out.dump();
}

std::string write_coco(const picture::ObjectResult& result, std::int64_t image_id) {
  Json out = Json::array();
  for (const auto& person : result.detections) {
    Json numbers = Json::array();
    for (const auto& point : person.keypoints) {
      numbers.push_back(picture::to_pixels(point.x));
      numbers.push_back(picture::to_pixels(point.y));
      numbers.push_back(point.confidence >= kSeen ? 2 : 1);
    }
    out.push_back({{"image_id", image_id},
                   {"category_id", person.class_id + 1},
                   {"keypoints", std::move(numbers)},
                   {"score", picture::to_score(person.score)},
                   {"bbox", picture::to_bbox(person.box)}});
  }
  return out.dump();
}

}  // namespace hailstone::pose
