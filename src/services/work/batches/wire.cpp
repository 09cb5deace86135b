// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/batches/wire.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "http/json_fields.hpp"

namespace hailstone::batches {
namespace {

using Json = nlohmann::ordered_json;
using http::Fields;

constexpr std::size_t kLongestLabel = 512;
constexpr std::int64_t kLongestWindow = 30 * 24;  // hours

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::int64_t seconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

Json time_or_null(const std::optional<WallTime>& time) {
  return time ? Json(seconds_of(*time)) : Json();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

/// "24h", "7d".
std::chrono::hours parse_window(const Fields& fields, const std::string& text) {
  std::int64_t amount = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), amount);
  const std::string unit(end, text.data() + text.size());
  if (code != std::errc{} || amount < 1 || amount > kLongestWindow ||
      (unit != "h" && unit != "d")) {
    throw fields.wrong("completion_window", "a time such as \"24h\" or \"7d\", at most 720h");
  }
  return std::chrono::hours(unit == "d" ? std::min(amount * 24, kLongestWindow) : amount);
}

Json file_as_json(const core::StoredFile& file) {
  return {{"id", file.id},           {"object", "file"},
          {"bytes", file.bytes},     {"created_at", seconds_of(file.created)},
          {"expires_at", nullptr},   {"filename", file.filename},
          {"purpose", file.purpose}, {"status", "processed"}};
}

void add_end(Json& out, const core::Batch& batch, const char* name, core::BatchStatus status) {
  out[name] = batch.status == status ? time_or_null(batch.ended) : Json();
}

Json batch_as_json(const core::Batch& batch) {
  Json out{{"id", batch.id},
           {"object", "batch"},
           {"endpoint", batch.endpoint},
           {"errors", nullptr},
           {"input_file_id", batch.input_file},
           {"completion_window", batch.window},
           {"status", core::to_string(batch.status)},
           {"output_file_id", text_or_null(batch.output_file)},
           {"error_file_id", text_or_null(batch.error_file)},
           {"created_at", seconds_of(batch.created)},
           {"in_progress_at", time_or_null(batch.started)},
           {"expires_at", seconds_of(batch.expires)},
           {"finalizing_at", time_or_null(batch.finalizing)}};
  add_end(out, batch, "completed_at", core::BatchStatus::kCompleted);
  add_end(out, batch, "failed_at", core::BatchStatus::kFailed);
  add_end(out, batch, "expired_at", core::BatchStatus::kExpired);
  out["cancelling_at"] = time_or_null(batch.cancelling);
  add_end(out, batch, "cancelled_at", core::BatchStatus::kCancelled);
  out["request_counts"] = {
      {"total", batch.total}, {"completed", batch.completed}, {"failed", batch.failed}};
  out["metadata"] = batch.metadata.empty() ? Json() : Json::parse(batch.metadata, nullptr, false);
  if (!batch.errors.empty()) {
    out["errors"] = {{"object", "list"}, {"data", Json::parse(batch.errors, nullptr, false)}};
  }
  return out;
}

template <typename Item>
std::string write_list(const std::vector<Item>& items, bool has_more, Json (*write)(const Item&)) {
  Json out{{"object", "list"}, {"data", Json::array()}, {"has_more", has_more}};
  for (const auto& item : items) out["data"].push_back(write(item));
  out["first_id"] = items.empty() ? Json() : Json(items.front().id);
  out["last_id"] = items.empty() ? Json() : Json(items.back().id);
  return dump(out);
}

Json write_answer(const core::Job& job, const std::string& answer) {
  Json body = Json::parse(answer, nullptr, false);
  if (body.is_discarded()) {
    const bool is_text = job.answer->content_type.starts_with("text/");
    body = is_text ? Json(answer)
                   : Json{{"content_type", job.answer->content_type}, {"data", to_base64(answer)}};
  }
  return {{"status_code", job.answer->status}, {"request_id", job.id}, {"body", std::move(body)}};
}

/// What OpenAI calls a line that did not get its turn.
Json write_line_error(const core::Job& job) {
  switch (job.state) {
    case core::JobState::kExpired:
      return {{"code", "batch_expired"}, {"message", "the batch's time was over before its turn"}};
    case core::JobState::kCancelled:
      return {{"code", "batch_cancelled"}, {"message", "the batch was cancelled before its turn"}};
    default:
      break;
  }
  if (!job.error) return nullptr;
  return {{"code", job.error->code}, {"message", job.error->message}};
}

std::string as_option(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

core::NewJob parse_line(std::string_view text) {
  const auto object = http::parse_json_object(text);
  const Fields fields(object);
  core::NewJob job;
  job.label = fields.required_string("custom_id");
  if (job.label.size() > kLongestLabel) throw fields.wrong("custom_id", "at most 512 bytes");
  job.task.method = fields.find_string("method").value_or("POST");
  job.task.target = fields.required_string("url");
  const auto body = fields.find_object("body");
  if (!body) throw Error(ErrorCode::kBadRequest, "body is required");
  if (body->find_bool("stream").value_or(false)) {
    throw Error(ErrorCode::kBadRequest, "body.stream must not be true in a batch");
  }
  job.task.model = body->find_string("model").value_or("");
  job.task.body = http::to_text(body->json());
  return job;
}

core::Batch parse_batch(std::string_view text, WallTime now) {
  const auto object = http::parse_json_object(text);
  const Fields fields(object);
  core::Batch batch;
  batch.input_file = fields.required_string("input_file_id");
  batch.endpoint = fields.required_string("endpoint");
  batch.window = fields.find_string("completion_window").value_or("24h");
  batch.created = now;
  batch.expires = now + parse_window(fields, batch.window);
  if (const auto metadata = fields.find_object("metadata")) {
    batch.metadata = http::to_text(metadata->json());
  }
  return batch;
}

std::string write_file(const core::StoredFile& file) {
  return dump(file_as_json(file));
}

std::string write_files(const std::vector<core::StoredFile>& files, bool has_more) {
  return write_list(files, has_more, file_as_json);
}

std::string write_deleted_file(const std::string& id) {
  return dump({{"id", id}, {"object", "file"}, {"deleted", true}});
}

std::string write_batch(const core::Batch& batch) {
  return dump(batch_as_json(batch));
}

std::string write_batches(const std::vector<core::Batch>& batches, bool has_more) {
  return write_list(batches, has_more, batch_as_json);
}

std::string write_mistakes(const std::vector<Mistake>& mistakes) {
  Json out = Json::array();
  for (const auto& mistake : mistakes) {
    out.push_back({{"code", mistake.code},
                   {"message", mistake.message},
                   {"param", text_or_null(mistake.param)},
                   {"line", mistake.line == 0 ? Json() : Json(mistake.line)}});
  }
  return dump(out);
}

std::string write_result(const core::Job& job, const std::optional<std::string>& answer) {
  Json out{{"id", "batch_req_" + job.id}, {"custom_id", job.label}};
  out["response"] = answer ? write_answer(job, *answer) : Json();
  out["error"] = answer ? Json() : write_line_error(job);
  return dump(out) + "\n";
}

std::optional<FileInput> find_file_input(std::string_view body) {
  // Most bodies name no file, and some are large.
  if (body.find("\"file_id\"") == std::string_view::npos) return std::nullopt;
  const auto object = nlohmann::json::parse(body, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  FileInput input;
  for (const auto& [name, value] : object.items()) {
    if (name == "file_id" && value.is_string()) {
      input.file_id = value.get<std::string>();
    } else if (value.is_object() && value.contains("file_id") && value["file_id"].is_string()) {
      input.file_id = value["file_id"].get<std::string>();
      input.field = name;
    } else if (!value.is_null()) {
      input.options.emplace_back(name, as_option(value));
    }
  }
  if (input.file_id.empty()) return std::nullopt;
  return input;
}

}  // namespace hailstone::batches
