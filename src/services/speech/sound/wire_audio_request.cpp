// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "http/multipart.hpp"
#include "services/common/base64.hpp"
#include "services/speech/sound/audio_request.hpp"

namespace hailstone::sound {
namespace {

using http::Json;

/// Of one option.
constexpr std::size_t kMostField = 64 << 10;
/// Of a request in JSON, which is in memory as a whole.
constexpr std::size_t kMostJson = 64 << 20;

constexpr std::array<std::string_view, 5> kAudioNames = {"audio", "file", "audio_file", "data",
                                                         "recording"};

bool is_audio_name(std::string_view name) {
  return std::find(kAudioNames.begin(), kAudioNames.end(), name) != kAudioNames.end();
}

/// Clients name the file; a few send it as a plain field of the known name.
bool is_audio(const http::PartHeader& part) {
  return part.filename.has_value() || is_audio_name(part.name) ||
         part.content_type.starts_with("audio/");
}

std::string read_field(http::MultipartReader& reader, const std::string& name) {
  std::string value;
  for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) {
    value += piece;
    if (value.size() > kMostField) {
      throw Error(ErrorCode::kTooLarge,
                  "the field '" + std::string(utf8_prefix(name, 64)) + "' is longer than 64 KiB");
    }
  }
  return value;
}

void take_form(http::Request& request, const std::filesystem::path& folder, AudioRequest& out) {
  http::MultipartReader reader(request);
  while (auto part = reader.next_part()) {
    if (!is_audio(*part)) {
      out.fields[part->name].push_back(read_field(reader, part->name));
      continue;
    }
    if (out.audio != nullptr) {
      throw Error(ErrorCode::kBadRequest, "the form has more than one file",
                  "send one recording at a time");
    }
    out.audio = std::make_unique<Spool>(folder);
    out.filename = part->filename.value_or("");
    for (auto piece = reader.read(); !piece.empty(); piece = reader.read()) out.audio->write(piece);
  }
}

std::string read_whole(http::Request& request, std::size_t most) {
  if (request.body_stream == nullptr) return std::exchange(request.body, {});
  std::string body;
  for (auto piece = request.body_stream->read(); !piece.empty();
       piece = request.body_stream->read()) {
    body += piece;
    if (body.size() > most) {
      throw Error(ErrorCode::kTooLarge, "the JSON is too large",
                  "longer recordings go as a form (multipart/form-data) or as the body itself");
    }
  }
  return body;
}

std::string to_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : http::to_text(value);
}

void take_json(std::string text, const std::filesystem::path& folder, AudioRequest& out) {
  const Json body = http::parse_json_object(text);
  text = std::string();
  for (const auto& [name, value] : body.items()) {
    if (value.is_null()) continue;
    if (is_audio_name(name) && value.is_string()) {
      std::string_view encoded = value.get_ref<const std::string&>();
      if (encoded.starts_with("data:")) encoded.remove_prefix(encoded.find(',') + 1);
      const auto bytes = services::find_base64(encoded);
      if (!bytes) throw Error(ErrorCode::kBadRequest, name + " must be a sound file in base64");
      out.audio = std::make_unique<Spool>(folder);
      out.audio->write(*bytes);
    } else if (value.is_array()) {
      for (const auto& item : value) out.fields[name].push_back(to_text(item));
    } else {
      out.fields[name].push_back(to_text(value));
    }
  }
}

void take_raw(http::Request& request, const std::filesystem::path& folder, AudioRequest& out) {
  out.audio = std::make_unique<Spool>(folder);
  if (request.body_stream == nullptr) {
    out.audio->write(std::exchange(request.body, {}));
    return;
  }
  for (auto piece = request.body_stream->read(); !piece.empty();
       piece = request.body_stream->read()) {
    out.audio->write(piece);
  }
}

}  // namespace

std::optional<std::string_view> AudioRequest::find(std::string_view name) const noexcept {
  const auto found = fields.find(std::string(name));
  if (found == fields.end() || found->second.empty()) return std::nullopt;
  const std::string_view text = trim(found->second.back());
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::string> AudioRequest::find_all(const std::string& name) const {
  std::vector<std::string> all;
  for (const auto& key : {name, name + "[]"}) {
    if (const auto found = fields.find(key); found != fields.end()) {
      all.insert(all.end(), found->second.begin(), found->second.end());
    }
  }
  return all;
}

AudioRequest take_audio_request(http::Request& request, const std::filesystem::path& folder) {
  AudioRequest out;
  for (const auto& [name, value] : request.query) out.fields[name].push_back(value);
  const std::string type = to_lower(request.headers.find("Content-Type").value_or(""));
  if (type.starts_with("multipart/")) {
    take_form(request, folder, out);
  } else if (type.starts_with("application/json")) {
    take_json(read_whole(request, kMostJson), folder, out);
  } else {
    take_raw(request, folder, out);
  }
  return out;
}

void require_audio(const AudioRequest& request, std::string_view what) {
  if (request.audio != nullptr) return;
  throw Error(ErrorCode::kBadRequest, std::string(what) + " is required",
              "a recording as a part of a form, as the body, or in JSON as base64");
}

}  // namespace hailstone::sound
