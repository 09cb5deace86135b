// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/deepstack/wire.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/pipeline/target.hpp"
#include "services/vision/picture/formats/wire_numbers.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::deepstack {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFrigatesRows = 20;
constexpr int kMostRows = 1000;
constexpr const char* kUnknown = "unknown";

Error bad(const std::string& message) {
  return Error(ErrorCode::kBadRequest, message);
}

/// The Python SDK sends fields without a picture like this. What curl calls so may be anything.
bool is_text_form(const http::Request& request) {
  const auto type = to_lower(request.headers.find("Content-Type").value_or(""));
  const bool says_so = type.starts_with("application/x-www-form-urlencoded");
  return says_so && is_valid_utf8(request.body) && !trim(request.body).starts_with("{");
}

int to_pixel(double value, int size) noexcept {
  return static_cast<int>(std::lround(std::clamp(value, 0.0, static_cast<double>(size))));
}

/// What all rows end with.
void add_box(Json& row, const media::Box& box, picture::Size size) {
  row["x_min"] = to_pixel(box.x, size.width);
  row["y_min"] = to_pixel(box.y, size.height);
  row["x_max"] = to_pixel(box.x + box.width, size.width);
  row["y_max"] = to_pixel(box.y + box.height, size.height);
}

long to_ms(std::chrono::nanoseconds time) {
  return std::lround(std::chrono::duration<double, std::milli>(time).count());
}

std::string finish(Json json, const picture::Timings& timings = {}) {
  const auto all = timings.decode + timings.pre + timings.queue + timings.infer + timings.post;
  json["inferenceMs"] = to_ms(timings.infer);
  json["processMs"] = to_ms(all);
  json["duration"] = to_ms(all);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json success() {
  return {{"success", true}};
}

std::string write_rows(std::vector<Json> rows, int max, const picture::Timings& timings) {
  std::stable_sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) {
    return a["confidence"].get<double>() > b["confidence"].get<double>();
  });
  if (rows.size() > static_cast<std::size_t>(max)) rows.resize(static_cast<std::size_t>(max));
  Json out = success();
  out["predictions"] = rows;
  out["count"] = rows.size();
  return finish(std::move(out), timings);
}

}  // namespace

picture::PictureRequest take_form(http::Request& request) {
  if (!is_text_form(request)) return picture::take_fields(request);
  picture::PictureRequest form;
  form.fields = http::parse_query(std::exchange(request.body, {}));
  form.fields.merge(std::map(request.query));
  return form;
}

std::vector<picture::Photo> take_images(picture::PictureRequest& form) {
  if (form.pictures.empty()) throw bad("No valid image file found");
  return picture::take_photos(form);
}

std::vector<picture::Photo> take_two_images(picture::PictureRequest& form) {
  auto images = take_images(form);
  if (images.size() == 1) throw bad("expected two image files, only one found");
  if (images.size() > 2) throw bad("only two images allowed");
  return images;
}

std::string parse_userid(const picture::PictureRequest& form) {
  if (const auto id = form.find_field("userid")) return std::string(*id);
  throw bad("userid not specified");
}

double parse_min_confidence(const picture::PictureRequest& form, double fallback) {
  const auto field = form.find_field("min_confidence");
  if (!field) return fallback;
  const auto text = trim(*field);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || !(value >= 0)) throw bad("Invalid value for min_confidence");
  if (value > 1) throw bad("min_confidence cannot be greater than 1");
  return value;
}

int parse_max(const picture::PictureRequest& form) {
  const auto max = form.find_field("max");
  return max ? picture::parse_integer("max", *max, 1, kMostRows) : kFrigatesRows;
}

std::string write_detections(const picture::ObjectResult& result, int max) {
  std::vector<Json> rows;
  for (const auto& detection : result.detections) {
    Json row{{"label", to_lower(result.label_of(detection))},
             {"confidence", picture::to_score(detection.score)}};
    add_box(row, detection.box, result.size);
    rows.push_back(std::move(row));
  }
  return write_rows(std::move(rows), max, result.timings);
}

std::string write_faces(const faces::FacesResult& result, int max) {
  std::vector<Json> rows;
  for (const auto& face : result.faces) {
    Json row{{"confidence", picture::to_score(face.detection.score)}};
    add_box(row, face.detection.box, result.size);
    rows.push_back(std::move(row));
  }
  return write_rows(std::move(rows), max, result.timings);
}

std::string write_recognized(const faces::FacesResult& result, int max) {
  std::vector<Json> rows;
  for (const auto& face : result.faces) {
    const double confidence = face.person ? to_confidence(face.similarity.value_or(-1)) : 0;
    Json row{{"userid", face.person.value_or(kUnknown)},
             {"confidence", picture::to_score(confidence)}};
    add_box(row, face.detection.box, result.size);
    rows.push_back(std::move(row));
  }
  return write_rows(std::move(rows), max, result.timings);
}

std::string write_scene(const std::string& label, double confidence,
                        const picture::Timings& timings) {
  Json out = success();
  out["label"] = label;
  out["confidence"] = picture::to_score(confidence);
  return finish(std::move(out), timings);
}

std::string write_similarity(double cosine) {
  Json out = success();
  out["similarity"] = picture::to_score(to_confidence(cosine));
  return finish(std::move(out));
}

std::string write_registered() {
  Json out = success();
  out["message"] = "face added";
  return finish(std::move(out));
}

std::string write_success() {
  return finish(success());
}

std::string write_names(const char* field, const std::vector<std::string>& names) {
  Json out = success();
  out[field] = names;
  return finish(std::move(out));
}

}  // namespace hailstone::deepstack
