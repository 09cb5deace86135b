// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "http/multipart.hpp"
#include "services/common/base64.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::picture {
namespace {

using http::Json;

constexpr ByteSize kMaxPictures = ByteSize::mib(256);
/// Of one option.
constexpr std::size_t kMaxField = 64 * 1024;

/// Some clients give a picture's part no file name, some give every field one.
constexpr std::array<std::string_view, 7> kPictureNames = {"image", "images", "file",   "files",
                                                           "left",  "right",  "picture"};

bool starts_with_any(std::string_view bytes, std::initializer_list<std::string_view> marks) {
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return bytes.starts_with(mark); });
}

/// By the first bytes: names and content types lie too often.
bool looks_like_picture(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (starts_with_any(bytes, {"\xFF\xD8\xFF"sv, "\x89PNG"sv, "GIF8"sv, "BM"sv, "II*\0"sv})) {
    return true;
  }
  return bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP");
}

bool is_picture_name(std::string_view name) {
  return std::find(kPictureNames.begin(), kPictureNames.end(), name) != kPictureNames.end();
}

/// What may be an option's value, whatever its part calls itself.
bool is_short_text(std::string_view content) {
  return content.size() <= kMaxField && is_valid_utf8(content) &&
         std::none_of(content.begin(), content.end(), [](char letter) {
           return static_cast<unsigned char>(letter) < ' ' && letter != '\n' && letter != '\r' &&
                  letter != '\t';
         });
}

bool is_picture(const http::PartHeader& part, std::string_view content) {
  if (looks_like_picture(content) || part.content_type.starts_with("image/")) return true;
  if (is_picture_name(part.name)) return true;
  return part.filename && !part.filename->empty() && !is_short_text(content);
}

/// What is said twice adds up: classes=person and classes=dog are both wanted.
void add_field(const std::string& name, std::string value, PictureRequest& out,
               std::set<std::string>& seen) {
  auto& field = out.fields[name];
  if (seen.insert(name).second || field.empty()) {
    field = std::move(value);
  } else if (!value.empty()) {
    field += "," + value;
  }
}

void check_field(const std::string& name, const std::string& value) {
  if (value.size() <= kMaxField) return;
  throw Error(ErrorCode::kTooLarge, "the field '" + std::string(utf8_prefix(name, 64)) +
                                        "' is longer than 64 KiB and no picture that we know");
}

void take_form(http::Request& request, PictureRequest& out) {
  http::MultipartLimits limits;
  limits.max_part = kMaxPictures;
  limits.max_total = kMaxPictures;
  http::MultipartReader reader(request, limits);
  std::set<std::string> seen;  // a form's fields win over the query's
  for (auto& part : http::collect_form(reader).parts) {
    if (is_picture(part.header, part.content)) {
      out.pictures.push_back({std::move(part.header.name), std::move(part.content)});
    } else {
      check_field(part.header.name, part.content);
      add_field(part.header.name, std::move(part.content), out, seen);
    }
  }
}

std::string decode_base64(const std::string& field, std::string_view text) {
  if (text.starts_with("data:")) {
    const auto comma = text.find(',');
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  auto bytes = services::find_base64(text);
  if (!bytes || bytes->empty()) {
    throw Error(ErrorCode::kBadRequest, field + " must be a picture in base64",
                "a JPEG, PNG or WebP file in base64, with or without \"data:image/...;base64,\"");
  }
  return *std::move(bytes);
}

void take_json_pictures(const std::string& name, const Json& value, PictureRequest& out) {
  if (value.is_string()) {
    out.pictures.push_back({name, decode_base64(name, value.get_ref<const std::string&>())});
    return;
  }
  if (!value.is_array()) {
    throw Error(ErrorCode::kBadRequest,
                name + " must be a string, got " + std::string(http::kind_of(value)));
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string path = name + "[" + std::to_string(i) + "]";
    if (!value[i].is_string()) throw Error(ErrorCode::kBadRequest, path + " must be a string");
    out.pictures.push_back({name, decode_base64(path, value[i].get_ref<const std::string&>())});
  }
}

/// "a,b" for a list of names: as a query would have it.
std::string to_field(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return http::to_text(value);
  std::vector<std::string> parts;
  for (const auto& item : value) {
    parts.push_back(item.is_string() ? item.get<std::string>() : http::to_text(item));
  }
  return join(parts, ",");
}

void take_json(http::Request& request, PictureRequest& out) {
  const Json body = http::parse_json_object(std::exchange(request.body, {}));
  for (const auto& [name, value] : body.items()) {
    if (value.is_null()) continue;
    if (is_picture_name(name)) {
      take_json_pictures(name, value, out);
    } else if (value.is_object()) {
      for (const auto& [inner, option] : value.items()) {
        if (!option.is_null()) out.fields[name + "." + inner] = to_field(option);
      }
    } else {
      out.fields[name] = to_field(value);
    }
  }
}

bool is_json(std::string_view type, std::string_view body) {
  if (type == "application/json") return true;
  // curl -d says that it is a form.
  const auto begin = body.find_first_not_of(" \t\r\n");
  return !type.starts_with("image/") && begin != std::string_view::npos && body[begin] == '{';
}

}  // namespace

const UploadedPicture* PictureRequest::find_picture(std::string_view name) const noexcept {
  for (const auto& picture : pictures) {
    if (picture.name == name) return &picture;
  }
  return nullptr;
}

std::optional<std::string_view> PictureRequest::find_field(std::string_view name) const noexcept {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  if (found == fields.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

PictureRequest take_fields(http::Request& request) {
  PictureRequest out;
  out.fields = request.query;
  out.accept = request.headers.find("Accept").value_or("");
  const std::string header(request.headers.find("Content-Type").value_or(""));
  const std::string type = to_lower(trim(header.substr(0, header.find(';'))));
  if (type == "multipart/form-data") {
    take_form(request, out);
  } else if (is_json(type, request.body)) {
    take_json(request, out);
  } else if (!request.body.empty()) {
    out.pictures.push_back({"image", std::exchange(request.body, {})});
  }
  return out;
}

PictureRequest take_picture_request(http::Request& request) {
  PictureRequest out = take_fields(request);
  if (out.pictures.empty()) {
    throw Error(ErrorCode::kBadRequest, "there is no picture in the request",
                "send one as the form field 'image', as the body itself, or in JSON as "
                "{\"image\":\"<base64>\"}");
  }
  return out;
}

}  // namespace hailstone::picture
