// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Faces in the plain dialect and in COCO's. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "services/vision/faces/task.hpp"
#include "services/vision/picture/object_request.hpp"

namespace hailstone::faces {

enum class Format : std::uint8_t { kJson, kCoco, kImage };

struct FaceRequest {
  FaceTask task;
  Format format = Format::kJson;
  std::int64_t image_id = 0;  ///< for COCO's results
  picture::ImageFile file = picture::ImageFile::kJpeg;
};

/// The names of the options that are read.
std::vector<std::string> face_options();

/// Fields: those of picture::parse_object_request, "identify", "embed", "embed_model" and
/// "min_similarity". Throws Error(kBadRequest) that names the field.
FaceRequest parse_faces(const picture::PictureRequest& request);

/// [{"label":"face","confidence":0.91,"bbox":[x,y,width,height],"landmarks":[{"name":"left_eye",
/// "x":1,"y":2}],"person":"Ann","similarity":0.71,"embedding":[...]}]; person and similarity only
/// where people were looked for.
std::string write_faces(const FacesResult& result);

/// COCO's keypoint results with the five landmarks as keypoints, category 1.
std::string write_coco(const FacesResult& result, std::int64_t image_id);

}  // namespace hailstone::faces
