// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/wire.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"

namespace hailstone::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostRuns = 1000;

/// Four digits behind the point are more than any run repeats.
double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

double seconds_of(std::chrono::nanoseconds time) {
  return rounded(std::chrono::duration<double>(time).count());
}

double milliseconds_of(std::chrono::nanoseconds time) {
  return rounded(std::chrono::duration<double, std::milli>(time).count());
}

Json write_speed(const core::Speed& speed) {
  Json out{{"value", rounded(speed.per_second)}, {"unit", core::name_of(speed.kind)}};
  if (speed.prompt_per_second) out["prompt_tokens_per_second"] = rounded(*speed.prompt_per_second);
  out["median_ms"] = milliseconds_of(speed.median);
  out["p90_ms"] = milliseconds_of(speed.p90);
  out["runs"] = speed.runs;
  return out;
}

void add_measurement(Json& out, const core::Measurement& measurement) {
  if (!measurement.model.engine_version.empty()) {
    out["engine_version"] = measurement.model.engine_version;
  }
  if (measurement.speed) {
    out["speed"] = write_speed(*measurement.speed);
    out["memory"] = {{"host_bytes", measurement.memory.host.count()},
                     {"npu_bytes", measurement.memory.npu.count()}};
  }
  if (measurement.load_time) out["load_seconds"] = seconds_of(*measurement.load_time);
  out["noted_at"] = to_rfc3339(measurement.when);
}

Json write_row(const Row& row) {
  Json out{{"model", row.model}, {"engine", row.engine}};
  if (row.measurement) add_measurement(out, *row.measurement);
  return out;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Task parse_task(std::string_view body) {
  const http::Json json = http::parse_json_object(body);
  const http::Fields request(json);
  Task task;
  task.model = request.required_string("model");
  task.engine = request.find_string("engine").value_or("");
  task.runs = static_cast<int>(request.find_int("runs", 1, kMostRuns).value_or(0));
  if (request.find_bool("all").value_or(false)) task.scope = Scope::kAll;
  return task;
}

std::string write_progress(const Progress& progress) {
  Json out{{"status", progress.status}};
  if (progress.runs > 0) {
    out["run"] = progress.run;
    out["runs"] = progress.runs;
  }
  return dump(out);
}

std::string write_result(const Result& result) {
  Json out{{"status", "success"},
           {"model", result.model},
           {"machine", result.machine},
           {"variants", Json::array()},
           {"missing", Json::array()}};
  for (const Row& row : result.rows) {
    Json variant = write_row(row);
    variant["measured"] = row.is_new;
    variant["chosen"] = row.is_chosen;
    if (!row.failure.empty()) variant["error"] = row.failure;
    out["variants"].push_back(std::move(variant));
  }
  for (const auto& [engine, model] : result.missing) {
    out["missing"].push_back({{"engine", engine}, {"model", model}});
  }
  return dump(out);
}

std::string write_list(const Result& result) {
  Json out{{"machine", result.machine}, {"measurements", Json::array()}};
  for (const Row& row : result.rows) out["measurements"].push_back(write_row(row));
  return dump(out);
}

}  // namespace hailstone::bench
