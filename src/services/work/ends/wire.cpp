// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/ends/wire.hpp"

#include <ctime>
#include <nlohmann/json.hpp>

#include "services/work/jobs/wire.hpp"

namespace hailstone::jobs {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string write_time(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Json write_error(const core::Job& job) {
  if (!job.error) return {};
  Json error{{"code", job.error->code}, {"message", job.error->message}};
  if (!job.error->detail.empty()) error["detail"] = job.error->detail;
  return error;
}

}  // namespace

std::string write_job_end(const core::Job& job) {
  return dump({{"type", "job." + std::string(core::to_string(job.state))},
               {"timestamp", write_time(job.finished.value_or(job.created))},
               {"data", Json::parse(write_job(job, std::nullopt))}});
}

std::string write_job_failure(const core::Job& job) {
  return dump(
      {{"job_id", job.id}, {"status", core::to_string(job.state)}, {"error", write_error(job)}});
}

std::string write_job_line(const core::Job& job, const std::string& file,
                           const std::string& answer) {
  Json line{{"file", file}, {"job_id", job.id}, {"status", core::to_string(job.state)}};
  if (job.state == core::JobState::kSucceeded) {
    Json result = Json::parse(answer, nullptr, /*allow_exceptions=*/false);
    line["result"] = result.is_discarded() ? Json(answer) : std::move(result);
  } else {
    line["error"] = write_error(job);
  }
  return dump(line);
}

}  // namespace hailstone::jobs
