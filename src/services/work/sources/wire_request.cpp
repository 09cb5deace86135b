// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/encoding/form_data.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/work/sources/request.hpp"

namespace hailstone::jobs {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kEndings = {{
    {"application/json", ".json"},
    {"text/plain", ".txt"},
    {"text/csv", ".csv"},
    {"text/vtt", ".vtt"},
    {"application/x-subrip", ".srt"},
    {"image/jpeg", ".jpg"},
    {"image/png", ".png"},
    {"image/webp", ".webp"},
    {"audio/wav", ".wav"},
    {"audio/mpeg", ".mp3"},
    {"audio/ogg", ".ogg"},
    {"audio/flac", ".flac"},
}};

/// The part of a form that a task takes its file in.
std::string_view field_of(std::string_view task) noexcept {
  return task == "transcribe" ? "audio" : "image";
}

bool is_json(std::string_view name, std::string_view bytes) {
  if (name.ends_with(".json")) return true;
  const auto text = trim(bytes);
  return name.empty() && !text.empty() && text.front() == '{';
}

core::JobTask json_task(const core::QueueFile& queue, std::string_view bytes) {
  Json body = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) throw Error(ErrorCode::kBadRequest, "this is no JSON object");
  if (!queue.model.empty() && !body.contains("model")) body["model"] = queue.model;
  for (const auto& [name, value] : queue.options) {
    if (body.contains(name)) continue;
    Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    body[name] = parsed.is_discarded() ? Json(value) : std::move(parsed);
  }
  // Streams are for somebody who waits.
  body.emplace("stream", false);
  core::JobTask task;
  const auto model = body.find("model");
  if (model != body.end() && model->is_string()) task.model = model->get<std::string>();
  task.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return task;
}

core::JobTask form_task(const core::QueueFile& queue, std::string_view name,
                        std::string_view bytes) {
  std::vector<FormField> fields;
  if (!queue.model.empty()) fields.push_back({"model", queue.model});
  for (const auto& [option, value] : queue.options) fields.push_back({option, value});
  const std::string filename = "file" + std::filesystem::path(name).extension().string();
  fields.push_back({field_of(queue.task), bytes, filename});
  FormData form = write_form(fields);
  core::JobTask task;
  task.model = queue.model;
  task.content_type = std::move(form.content_type);
  task.body = std::move(form.body);
  return task;
}

}  // namespace

core::JobTask make_task(const core::QueueFile& queue, const std::string& target,
                        std::string_view name, std::string_view bytes) {
  core::JobTask task =
      is_json(name, bytes) ? json_task(queue, bytes) : form_task(queue, name, bytes);
  task.target = target;
  return task;
}

std::string ending_of(std::string_view content_type) {
  const auto type = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  const auto* found = std::find_if(kEndings.begin(), kEndings.end(),
                                   [&](const auto& entry) { return entry.first == type; });
  return std::string(found == kEndings.end() ? std::string_view(".bin") : found->second);
}

}  // namespace hailstone::jobs
