// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/wire_request.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "http/multipart.hpp"
#include "http/pipeline/target.hpp"

namespace hailstone::workers {
namespace {

using http::Json;
using inference::FieldKind;
using inference::WorkerField;
using inference::WorkerManifest;

/// What a client said: a text of a form or of the query, a value of JSON, or a file.
struct Given {
  bool is_text = false;  ///< json is a text that stands for a value
  Json json{};
  std::string bytes{};
  std::string media_type{};
  bool is_file = false;
};

using Givens = std::map<std::string, Given>;

std::string names_of(const WorkerManifest& worker) {
  std::vector<std::string> names;
  for (const auto& field : worker.fields) names.push_back(field.name);
  return names.empty() ? "this worker has no fields" : "fields: " + join(names, ", ");
}

const WorkerField& require_field(const WorkerManifest& worker, const std::string& name) {
  if (const auto* field = worker.find_field(name)) return *field;
  throw Error(ErrorCode::kBadRequest,
              "'" + std::string(utf8_prefix(name, 64)) + "' is no field of " + worker.name,
              names_of(worker));
}

[[noreturn]] void refuse(const WorkerField& field, const std::string& must,
                         const std::string& got = {}) {
  throw Error(ErrorCode::kBadRequest,
              field.name + " must be " + must + (got.empty() ? "" : ", got " + got),
              field.description);
}

// Collecting ----------------------------------------------------------------------------------

void add_text(const WorkerManifest& worker, const std::string& name, std::string text,
              Givens& out) {
  const auto& field = require_field(worker, name);
  Given given;
  given.is_file = field.kind == FieldKind::kFile;
  given.is_text = true;
  if (given.is_file) {
    given.bytes = std::move(text);
  } else {
    given.json = std::move(text);
  }
  out[name] = std::move(given);
}

void take_form(const WorkerManifest& worker, http::Request& request, Givens& out) {
  http::MultipartLimits limits;
  limits.max_total = limits.max_part = ByteSize::gib(1);
  http::MultipartReader reader(request, limits);
  for (auto& part : http::collect_form(reader).parts) {
    add_text(worker, part.header.name, std::move(part.content), out);
    auto& given = out[part.header.name];
    if (given.is_file && part.header.content_type != "text/plain") {
      given.media_type = part.header.content_type;
    }
  }
}

/// In base64, with or without "data:image/png;base64,".
Given decode_file(const WorkerField& field, const Json& value) {
  if (!value.is_string()) refuse(field, "a file in base64", std::string(http::kind_of(value)));
  std::string_view text = value.get_ref<const std::string&>();
  Given given;
  given.is_file = true;
  if (text.starts_with("data:")) {
    const auto comma = text.find(',');
    const auto head = text.substr(5, comma == std::string_view::npos ? comma : comma - 5);
    given.media_type = head.substr(0, head.find(';'));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  auto bytes = find_base64(text);
  if (!bytes) refuse(field, "a file in base64");
  given.bytes = *std::move(bytes);
  return given;
}

void take_json(const WorkerManifest& worker, http::Request& request, Givens& out) {
  const Json body = http::parse_json_object(std::exchange(request.body, {}));
  for (const auto& [name, value] : body.items()) {
    const auto& field = require_field(worker, name);
    if (value.is_null()) continue;
    if (field.kind == FieldKind::kFile) {
      out[name] = decode_file(field, value);
    } else {
      out[name] = Given{};
      out[name].json = value;
    }
  }
}

const WorkerField* find_only_file(const WorkerManifest& worker) {
  const WorkerField* only = nullptr;
  for (const auto& field : worker.fields) {
    if (field.kind != FieldKind::kFile) continue;
    if (only != nullptr) return nullptr;
    only = &field;
  }
  return only;
}

void take_body(const WorkerManifest& worker, http::Request& request, const std::string& type,
               Givens& out) {
  if (request.body.empty()) return;
  const auto* file = find_only_file(worker);
  const bool is_form = type == "application/x-www-form-urlencoded";
  const bool is_json = type == "application/json" || type.ends_with("+json") ||
                       ((is_form || type.empty()) && request.body.front() == '{');
  // A worker whose only file is JSON gets it by its name or in a form.
  if (is_json) return take_json(worker, request, out);
  if (is_form && file == nullptr) {
    for (auto& [name, value] : http::parse_query(std::exchange(request.body, {}))) {
      add_text(worker, name, value, out);
    }
    return;
  }
  if (file == nullptr) {
    throw Error(ErrorCode::kUnsupported, "the worker " + worker.name + " takes no " + type,
                "send JSON or a form; " + names_of(worker));
  }
  Given given;
  given.is_file = true;
  given.bytes = std::exchange(request.body, {});
  if (!is_form) given.media_type = type;
  out[file->name] = std::move(given);
}

Givens collect(const WorkerManifest& worker, http::Request& request) {
  Givens out;
  for (const auto& [name, value] : request.query) add_text(worker, name, value, out);
  const std::string header(request.headers.find("Content-Type").value_or(""));
  const std::string type = to_lower(trim(header.substr(0, header.find(';'))));
  if (type == "multipart/form-data") {
    take_form(worker, request, out);
  } else {
    take_body(worker, request, type, out);
  }
  return out;
}

// Checking ------------------------------------------------------------------------------------

std::string shown(const Given& given) {
  if (!given.json.is_string()) return http::to_text(given.json);
  return "'" + std::string(utf8_prefix(given.json.get_ref<const std::string&>(), 64)) + "'";
}

std::optional<double> find_number(const Given& given) {
  if (given.json.is_number()) return given.json.get<double>();
  if (!given.is_text) return std::nullopt;
  const auto& text = given.json.get_ref<const std::string&>();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(value) : std::nullopt;
}

std::string number_text(double value) {
  return http::to_text(http::find_integer(Json(value)) ? Json(std::int64_t(value)) : Json(value));
}

std::string limits_of(const WorkerField& field) {
  std::string text;
  if (field.min) text += " from " + number_text(*field.min);
  if (field.max) text += (field.min ? " to " : " up to ") + number_text(*field.max);
  return text;
}

Json read_number(const WorkerField& field, const Given& given) {
  const bool is_whole = field.kind == FieldKind::kInteger;
  const std::string must = (is_whole ? "a whole number" : "a number") + limits_of(field);
  const auto value = find_number(given);
  if (!value) refuse(field, must, shown(given));
  const bool is_inside =
      (!field.min || *value >= *field.min) && (!field.max || *value <= *field.max);
  const auto whole = http::find_integer(Json(*value));
  if (!is_inside || (is_whole && !whole)) refuse(field, must, shown(given));
  return is_whole ? Json(*whole) : Json(*value);
}

Json read_truth(const WorkerField& field, const Given& given) {
  if (given.json.is_boolean()) return given.json;
  const std::string text = given.is_text ? to_lower(given.json.get<std::string>()) : "";
  for (const char* yes : {"true", "1", "yes", "on"}) {
    if (text == yes) return true;
  }
  for (const char* no : {"false", "0", "no", "off"}) {
    if (text == no) return false;
  }
  refuse(field, "true or false", shown(given));
}

void check_length(const WorkerField& field, std::size_t bytes) {
  if (bytes <= field.max_length) return;
  throw Error(ErrorCode::kTooLarge, field.name + " has " + std::to_string(bytes) + " bytes, " +
                                        std::to_string(field.max_length) + " are possible");
}

Json read_text(const WorkerField& field, const Given& given) {
  if (!given.json.is_string()) refuse(field, "a text", std::string(http::kind_of(given.json)));
  const auto& text = given.json.get_ref<const std::string&>();
  check_length(field, text.size());
  if (!is_valid_utf8(text)) refuse(field, "a text in UTF-8");
  const auto& choices = field.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end()) {
    refuse(field, "one of " + join(choices, ", "), shown(given));
  }
  return text;
}

Json read_any(const WorkerField& field, const Given& given) {
  Json value =
      given.is_text ? http::parse_json(given.json.get_ref<const std::string&>()) : given.json;
  check_length(field, http::to_text(value).size());
  return value;
}

Json read_value(const WorkerField& field, const Given& given) {
  switch (field.kind) {
    case FieldKind::kInteger:
    case FieldKind::kNumber:
      return read_number(field, given);
    case FieldKind::kTruth:
      return read_truth(field, given);
    case FieldKind::kText:
      return read_text(field, given);
    case FieldKind::kJson:
    case FieldKind::kFile:
      break;
  }
  return read_any(field, given);
}

inference::Blob read_file(const WorkerField& field, Given& given) {
  if (given.bytes.size() > field.max_bytes.count()) {
    throw Error(ErrorCode::kTooLarge, field.name + " has " + std::to_string(given.bytes.size()) +
                                          " bytes, " + std::to_string(field.max_bytes.count()) +
                                          " are possible");
  }
  if (given.bytes.empty()) refuse(field, "a file", "nothing");
  // Names and content types lie too often.
  std::string type(find_media_type(given.bytes));
  if (type.empty()) type = given.media_type.empty() ? "application/octet-stream" : given.media_type;
  const bool fits = field.media.empty() ||
                    std::any_of(field.media.begin(), field.media.end(), [&](const auto& pattern) {
                      return fits_media_type(type, pattern);
                    });
  if (!fits) {
    throw Error(ErrorCode::kUnsupported,
                field.name + " is " + type + ", not " + join(field.media, " or "));
  }
  return {field.name, std::move(type), std::move(given.bytes)};
}

enum class Files { kRequired, kLater };

inference::CallValue check(const WorkerManifest& worker, Givens givens, Files files) {
  Json values = Json::object();
  inference::CallValue out;
  for (const auto& field : worker.fields) {
    const bool is_file = field.kind == FieldKind::kFile;
    const auto given = givens.find(field.name);
    if (given != givens.end() && is_file) {
      out.blobs.push_back(read_file(field, given->second));
    } else if (given != givens.end()) {
      values[field.name] = read_value(field, given->second);
    } else if (field.required && !(is_file && files == Files::kLater)) {
      throw Error(ErrorCode::kBadRequest, field.name + " is required", field.description);
    } else if (field.fallback) {
      values[field.name] = Json::parse(*field.fallback);
    }
  }
  out.json = http::to_text(values);
  return out;
}

}  // namespace

std::string_view find_media_type(std::string_view bytes) noexcept {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"\xFF\xD8\xFF"sv, "image/jpeg"}, {"\x89PNG\r\n"sv, "image/png"},
      {"GIF8"sv, "image/gif"},          {"OggS"sv, "audio/ogg"},
      {"fLaC"sv, "audio/flac"},         {"ID3"sv, "audio/mpeg"},
      {"%PDF-"sv, "application/pdf"},   {"\x1A\x45\xDF\xA3"sv, "video/webm"}};
  for (const auto& [mark, type] : kMarks) {
    if (bytes.starts_with(mark)) return type;
  }
  const auto form = bytes.substr(0, 12);
  if (form.starts_with("RIFF") && form.ends_with("WEBP")) return "image/webp";
  if (form.starts_with("RIFF") && form.ends_with("WAVE")) return "audio/wav";
  if (form.substr(std::min<std::size_t>(4, form.size())).starts_with("ftyp")) return "video/mp4";
  return {};
}

bool fits_media_type(std::string_view type, std::string_view pattern) noexcept {
  if (pattern == "*/*" || pattern == type) return true;
  return pattern.ends_with("/*") && type.starts_with(pattern.substr(0, pattern.size() - 1));
}

inference::CallValue take_arguments(const WorkerManifest& worker, http::Request& request) {
  return check(worker, collect(worker, request), Files::kRequired);
}

inference::CallValue read_fields(const WorkerManifest& worker,
                                 const std::map<std::string, std::string>& texts) {
  Givens givens;
  for (const auto& [name, text] : texts) add_text(worker, name, text, givens);
  return check(worker, std::move(givens), Files::kLater);
}

inference::Blob read_upload(const WorkerManifest& worker, std::string bytes) {
  const auto* field = find_only_file(worker);
  if (field == nullptr) {
    throw Error(ErrorCode::kUnsupported, "the worker " + worker.name + " takes no single file");
  }
  Given given;
  given.is_file = true;
  given.bytes = std::move(bytes);
  return read_file(*field, given);
}

}  // namespace hailstone::workers
