// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/wire.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/encoding/form_data.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json_fields.hpp"
#include "http/multipart.hpp"

namespace hailstone::jobs {
namespace {

using Json = nlohmann::ordered_json;
using http::Fields;

constexpr std::int64_t kMostAttempts = 20;
constexpr std::int64_t kMostPriority = 100;
constexpr std::int64_t kYear = 366LL * 24 * 3600;
constexpr std::int64_t kMostListed = 1000;
constexpr std::uint64_t kMostForm = 256 << 20;

/// Streams are for somebody who waits; these routes stream where nothing is said.
constexpr std::array<std::string_view, 3> kStreaming = {"chat", "generate", "vlm"};

bool is_streaming(std::string_view task) noexcept {
  return std::find(kStreaming.begin(), kStreaming.end(), task) != kStreaming.end();
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::int64_t seconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool is_web_address(std::string_view text) noexcept {
  return text.starts_with("http://") || text.starts_with("https://");
}

/// Unix seconds, or seconds from now.
std::optional<WallTime> find_time(const Fields& fields, std::string_view at, std::string_view in,
                                  WallTime now) {
  if (const auto time = fields.find_int(at, 0, 1LL << 40)) {
    return WallTime(std::chrono::seconds(*time));
  }
  if (const auto wait = fields.find_int(in, 0, kYear)) return now + std::chrono::seconds(*wait);
  return std::nullopt;
}

void read_options(const Fields& options, core::NewJob& job, WallTime now) {
  job.max_attempts = static_cast<int>(
      options.find_int("max_attempts", 1, kMostAttempts).value_or(job.max_attempts));
  // The larger is the more urgent for people, and the smaller goes first in the queue.
  job.priority =
      -static_cast<int>(options.find_int("priority", -kMostPriority, kMostPriority).value_or(0));
  job.not_before = find_time(options, "not_before", "delay_seconds", now);
  job.expires = find_time(options, "expires_at", "expires_in", now);
  job.label = options.find_string("label").value_or("");
  job.idempotency_key = options.find_string("idempotency_key").value_or("");
  job.webhook = options.find_string("webhook").value_or("");
  if (!job.webhook.empty() && !is_web_address(job.webhook)) {
    throw Error(ErrorCode::kBadRequest, "job.webhook: a URL of http or https expected");
  }
}

/// What the task is where nobody says it.
std::string guess_task(const nlohmann::json& body) {
  const bool has_picture = body.contains("image") || body.contains("images");
  if (body.contains("messages")) return "chat";
  if (body.contains("prompt")) return has_picture ? "vlm" : "generate";
  if (body.contains("input")) return "embed";
  if (body.contains("audio")) return "transcribe";
  if (body.contains("text")) return "speak";
  return {};
}

InferRequest parse_infer_json(std::string_view text, WallTime now) {
  auto body = http::parse_json_object(text);
  InferRequest infer;
  const Fields fields(body);
  infer.task = fields.find_string("task").value_or(guess_task(body));
  infer.job.task.model = fields.find_string("model").value_or("");
  if (const auto options = fields.find_object("job")) read_options(*options, infer.job, now);
  body.erase("task");
  body.erase("job");
  if (is_streaming(infer.task)) body["stream"] = false;
  infer.job.task.body = http::to_text(body);
  return infer;
}

InferRequest parse_infer_form(const http::Request& request, WallTime now) {
  http::MultipartLimits limits;
  limits.max_total = ByteSize::bytes(kMostForm);
  http::MultipartReader reader(request, limits);
  const http::Form form = http::collect_form(reader);
  InferRequest infer;
  infer.task = form.find_text("task").value_or("");
  infer.job.task.model = form.find_text("model").value_or("");
  if (const auto options = form.find_text("job")) read_job_options(*options, infer.job, now);
  std::vector<FormField> fields;
  for (const auto& part : form.parts) {
    if (part.header.name == "task" || part.header.name == "job") continue;
    fields.push_back(
        {part.header.name, part.content, part.header.filename, part.header.content_type});
  }
  FormData out = write_form(fields);
  infer.job.task.content_type = std::move(out.content_type);
  infer.job.task.body = std::move(out.body);
  return infer;
}

/// The brief word for a client that only wants to know whether to come back.
std::string_view short_status(core::JobState state) noexcept {
  switch (state) {
    case core::JobState::kSucceeded:
      return "complete";
    case core::JobState::kQueued:
    case core::JobState::kRunning:
    case core::JobState::kCancelled:
      return to_string(state);
    default:
      return "failed";
  }
}

Json write_error(const core::JobError& error) {
  Json out{{"code", error.code}, {"message", error.message}};
  if (!error.detail.empty()) out["detail"] = error.detail;
  return out;
}

bool is_json(std::string_view content_type) noexcept {
  return content_type.starts_with("application/json");
}

Json write_result(const core::Job& job, const std::string& answer) {
  const auto& type = job.answer->content_type;
  if (is_json(type)) {
    auto json = Json::parse(answer, nullptr, false);
    if (!json.is_discarded()) return json;
  }
  if (type.starts_with("text/")) return answer;
  return {{"content_type", type},
          {"bytes", job.answer->bytes},
          {"url", "/api/infer/" + job.id + "/result"}};
}

void add_time(Json& out, const char* name, const std::optional<WallTime>& time) {
  if (time) out[name] = seconds_of(*time);
}

Json job_as_json(const core::Job& job, std::optional<std::size_t> position) {
  Json out{{"id", job.id},
           {"object", "job"},
           {"status", to_string(job.state)},
           {"method", job.task.method},
           {"url", job.task.target},
           {"model", job.task.model},
           {"created_at", seconds_of(job.created)}};
  add_time(out, "not_before", job.not_before);
  add_time(out, "expires_at", job.expires);
  add_time(out, "started_at", job.started);
  add_time(out, "finished_at", job.finished);
  out["attempts"] = job.attempts;
  out["max_attempts"] = job.max_attempts;
  out["priority"] = -job.priority;
  out["progress"] = job.progress;
  out["queue_position"] = position ? Json(*position) : Json();
  if (!job.batch.empty()) out["batch_id"] = job.batch;
  if (!job.label.empty()) out["label"] = job.label;
  if (is_web_address(job.webhook)) out["webhook"] = job.webhook;
  if (job.answer) {
    out["result"] = {{"status_code", job.answer->status},
                     {"content_type", job.answer->content_type},
                     {"bytes", job.answer->bytes},
                     {"url", "/api/infer/" + job.id + "/result"}};
  }
  out["error"] = job.error ? write_error(*job.error) : Json();
  return out;
}

}  // namespace

void read_job_options(std::string_view json, core::NewJob& job, WallTime now) {
  const auto object = http::parse_json_object(json);
  read_options(Fields(object, "job"), job, now);
}

InferRequest parse_infer(http::Request& request, WallTime now) {
  const auto type = to_lower(request.headers.find("Content-Type").value_or(""));
  InferRequest infer = type.starts_with("multipart/") ? parse_infer_form(request, now)
                                                      : parse_infer_json(request.body, now);
  if (const auto key = request.headers.find("Idempotency-Key")) {
    infer.job.idempotency_key = std::string(*key);
  }
  request.body.clear();
  return infer;
}

core::NewJob parse_new_job(std::string_view text, WallTime now) {
  const auto object = http::parse_json_object(text);
  const Fields fields(object);
  core::NewJob job;
  job.task.method = fields.find_string("method").value_or("POST");
  job.task.target = fields.required_string("url");
  if (const auto body = fields.find_object("body")) {
    job.task.model = body->find_string("model").value_or("");
    job.task.body = http::to_text(body->json());
  }
  if (const auto options = fields.find_object("job")) read_options(*options, job, now);
  return job;
}

std::string write_ticket(const core::Job& job) {
  return dump({{"job_id", job.id}, {"status", short_status(job.state)}});
}

std::string write_infer(const core::Job& job, std::optional<std::size_t> position,
                        const std::optional<std::string>& answer) {
  Json out{
      {"job_id", job.id}, {"status", short_status(job.state)}, {"state", to_string(job.state)}};
  if (position) out["queue_position"] = *position;
  out["attempts"] = job.attempts;
  out["created_at"] = to_rfc3339(job.created);
  if (job.finished) out["finished_at"] = to_rfc3339(*job.finished);
  if (job.error && job.state != core::JobState::kSucceeded) out["error"] = job.error->message;
  if (job.error && !job.error->detail.empty()) out["detail"] = job.error->detail;
  if (answer) out["result"] = write_result(job, *answer);
  return dump(out);
}

std::string write_job(const core::Job& job, std::optional<std::size_t> position) {
  return dump(job_as_json(job, position));
}

std::string write_jobs(const std::vector<core::Job>& jobs, bool has_more) {
  Json out{{"object", "list"}, {"data", Json::array()}, {"has_more", has_more}};
  for (const auto& job : jobs) out["data"].push_back(job_as_json(job, std::nullopt));
  if (!jobs.empty()) {
    out["first_id"] = jobs.front().id;
    out["last_id"] = jobs.back().id;
  }
  return dump(out);
}

std::string write_counts(const core::JobCounts& counts, WallTime now) {
  Json out{{"object", "job.counts"}};
  for (int i = 0; i <= static_cast<int>(core::JobState::kDead); ++i) {
    const auto state = static_cast<core::JobState>(i);
    out[std::string(to_string(state))] = counts.of(state);
  }
  out["stored_bytes"] = counts.stored.count();
  if (counts.oldest_queued) {
    out["oldest_queued_seconds"] =
        std::max<std::int64_t>(0, seconds_of(now) - seconds_of(*counts.oldest_queued));
  }
  return dump(out);
}

core::JobFilter parse_filter(const std::map<std::string, std::string>& query) {
  core::JobFilter filter;
  for (const auto& [name, value] : query) {
    if (name == "state" || name == "status") {
      filter.state = core::find_job_state(value);
      if (filter.state) continue;
      throw Error(ErrorCode::kBadRequest, "'" + value + "' is no state of a job",
                  "queued, running, succeeded, failed, cancelled, expired, dead");
    }
    if (name == "batch" || name == "batch_id") filter.batch = value;
    if (name == "limit") {
      const auto limit = http::find_integer(nlohmann::json::parse(value, nullptr, false));
      if (!limit || *limit < 1 || *limit > kMostListed) {
        throw Error(ErrorCode::kBadRequest, "limit must be a number from 1 to 1000");
      }
      filter.limit = static_cast<std::size_t>(*limit);
    }
  }
  return filter;
}

}  // namespace hailstone::jobs
