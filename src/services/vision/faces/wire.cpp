// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/wire.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "services/vision/faces/wire_vector.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::faces {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVisible = 2;
constexpr std::array<std::string_view, 3> kFormats = {"json", "coco", "image"};

/// In the order of vision::face_template(): left is the picture's left.
constexpr std::array<const char*, 5> kLandmarks = {"left_eye", "right_eye", "nose", "left_mouth",
                                                   "right_mouth"};

Json to_landmarks(const vision::Detection& face) {
  Json out = Json::array();
  for (std::size_t i = 0; i < face.keypoints.size() && i < kLandmarks.size(); ++i) {
    out.push_back({{"name", kLandmarks[i]},
                   {"x", picture::to_pixels(face.keypoints[i].x)},
                   {"y", picture::to_pixels(face.keypoints[i].y)}});
  }
  return out;
}

Json to_keypoints(const vision::Detection& face) {
  Json out = Json::array();
  for (const auto& point : face.keypoints) {
    out.push_back(picture::to_pixels(point.x));
    out.push_back(picture::to_pixels(point.y));
    out.push_back(kVisible);
  }
  return out;
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_face(const Face& face, const FacesResult& result) {
  Json out{{"label", "face"},
           {"confidence", picture::to_score(face.detection.score)},
           {"bbox", picture::to_bbox(face.detection.box)},
           {"landmarks", to_landmarks(face.detection)}};
  if (result.is_identified) {
    out["person"] = or_null(face.person);
    out["similarity"] = or_null(face.similarity);
    if (face.similarity) out["similarity"] = picture::to_score(*face.similarity);
    if (!result.note.empty()) out["note"] = result.note;
  }
  if (result.has_embeddings && face.embedding)
    out["embedding"] = to_numbers(face.embedding->vector);
  return out;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::vector<std::string> face_options() {
  return picture::object_options(
      {"format", "image_id", "identify", "embed", "embed_model", "min_similarity"});
}

FaceRequest parse_faces(const picture::PictureRequest& request) {
  auto shared = picture::parse_object_request(request, kFormats, default_objects());
  FaceRequest out;
  out.format = static_cast<Format>(shared.format);
  out.image_id = shared.image_id;
  out.file = shared.file;
  out.task.objects = std::move(shared.task.options);
  if (const auto text = request.find_field("identify")) {
    out.task.identify = picture::parse_truth("identify", *text) ? Identify::kYes : Identify::kNo;
  }
  if (const auto text = request.find_field("embed")) {
    out.task.embed = picture::parse_truth("embed", *text);
  }
  if (const auto text = request.find_field("embed_model")) out.task.embed_model = *text;
  if (const auto text = request.find_field("min_similarity")) {
    out.task.min_similarity = picture::parse_number("min_similarity", *text, -1, 1);
  }
  return out;
}

std::string write_faces(const FacesResult& result) {
  Json out = Json::array();
  for (const auto& face : result.faces) out.push_back(to_face(face, result));
  return dump(out);
}

std::string write_coco(const FacesResult& result, std::int64_t image_id) {
  Json out = Json::array();
  for (const auto& face : result.faces) {
    out.push_back({{"image_id", image_id},
                   {"category_id", 1},
                   {"bbox", picture::to_bbox(face.detection.box)},
                   {"score", picture::to_score(face.detection.score)},
                   {"keypoints", to_keypoints(face.detection)}});
  }
  return dump(out);
}

}  // namespace hailstone::faces
