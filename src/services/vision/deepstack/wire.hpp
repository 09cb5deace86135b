// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// DeepStack's dialect, which CodeProject.AI's clients, Frigate and Blue Iris speak. Pure.
// https://docs.deepstack.cc/api-reference/

#include <string>
#include <vector>

#include "services/vision/faces/task.hpp"
#include "services/vision/picture/objects.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::deepstack {

/// Takes the body out of the request: a form with pictures, or one of text alone. Throws as
/// picture::take_fields does; there may be no picture.
picture::PictureRequest take_form(http::Request& request);

/// Everything here that parses throws Error(kBadRequest) in DeepStack's own words.

/// At least one.
std::vector<picture::Photo> take_images(picture::PictureRequest& form);
/// Exactly two.
std::vector<picture::Photo> take_two_images(picture::PictureRequest& form);
std::string parse_userid(const picture::PictureRequest& form);
/// "min_confidence", 0 to 1.
double parse_min_confidence(const picture::PictureRequest& form, double fallback);
/// "max": rows of a reply. Frigate's buffer has 20, and its plugin fails on more.
int parse_max(const picture::PictureRequest& form);

/// DeepStack's similarity is 0 to 1, ours a cosine from -1 to 1.
inline double to_confidence(double cosine) noexcept {
  return (1 + cosine) / 2;
}
inline double to_cosine(double confidence) noexcept {
  return 2 * confidence - 1;
}

/// Rows go by confidence, the highest first: Frigate stops reading at the first low one.
std::string write_detections(const picture::ObjectResult& result, int max);
std::string write_faces(const faces::FacesResult& result, int max);
/// userid "unknown" with confidence 0 for who is not known.
std::string write_recognized(const faces::FacesResult& result, int max);
std::string write_scene(const std::string& label, double confidence,
                        const picture::Timings& timings);
std::string write_similarity(double cosine);
std::string write_registered();
std::string write_success();
/// {"success":true,"faces":[...]}; field: "faces", "models".
std::string write_names(const char* field, const std::vector<std::string>& names);

}  // namespace hailstone::deepstack
