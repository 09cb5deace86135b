// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/wire_people.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "services/vision/faces/wire_vector.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::faces {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kExportVersion = 1;

std::string required(const picture::PictureRequest& request, const char* field) {
  if (const auto text = request.find_field(field)) return std::string(*text);
  throw Error(ErrorCode::kBadRequest, std::string(field) + " is required");
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Enrolment parse_enrolment(const picture::PictureRequest& request) {
  Enrolment out;
  out.name = required(request, "name");
  out.objects = picture::parse_object_options(request, default_objects());
  if (const auto model = request.find_field("embed_model")) out.embed_model = *model;
  return out;
}

std::string parse_person(const picture::PictureRequest& request) {
  return required(request, "name");
}

PeopleChange parse_change(const picture::PictureRequest& request) {
  PeopleChange change;
  if (const auto text = request.find_field("threshold")) {
    change.threshold = picture::parse_number("threshold", *text, -1, 1);
  }
  if (change.threshold && !request.find_field("name")) return change;
  change.name = required(request, "name");
  change.new_name = required(request, "new_name");
  return change;
}

PeopleFormat parse_people_format(const picture::PictureRequest& request) {
  constexpr std::array<std::string_view, 2> kFormats = {"list", "json"};
  const auto format = request.find_field("format");
  if (!format) return PeopleFormat::kList;
  return static_cast<PeopleFormat>(picture::parse_word("format", *format, kFormats));
}

std::string write_people(const core::People& people) {
  Json list = Json::array();
  for (const auto& person : people.people) {
    std::set<std::string> models;
    for (const auto& face : person.faces) models.insert(face.model);
    list.push_back({{"name", person.name},
                    {"faces", person.faces.size()},
                    {"models", models},
                    {"added", to_rfc3339(person.added)}});
  }
  return dump({{"threshold", people.threshold}, {"people", std::move(list)}});
}

std::string write_enrolled(const std::string& name, const Enrolled& enrolled) {
  return dump({{"name", name}, {"added", enrolled.added}, {"faces", enrolled.faces}});
}

std::string write_change(const PeopleChange& change) {
  Json out = Json::object();
  if (!change.new_name.empty()) out["name"] = change.new_name;
  if (change.threshold) out["threshold"] = *change.threshold;
  return dump(out);
}

std::string write_deleted(const std::string& name) {
  return dump({{"deleted", name}});
}

std::string write_export_begin(const core::People& people, WallTime now) {
  std::string head = dump({{"version", kExportVersion},
                           {"exported", to_rfc3339(now)},
                           {"threshold", people.threshold}});
  head.pop_back();
  return head + ",\"people\":[";
}

std::string write_export_person(const core::Person& person) {
  Json faces = Json::array();
  for (const auto& face : person.faces) {
    faces.push_back({{"model", face.model},
                     {"weights", face.weights},
                     {"added", to_rfc3339(face.added)},
                     {"embedding", to_numbers(face.vector)}});
  }
  return dump(
      {{"name", person.name}, {"added", to_rfc3339(person.added)}, {"faces", std::move(faces)}});
}

}  // namespace hailstone::faces
