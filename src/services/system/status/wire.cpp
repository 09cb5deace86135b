// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/wire.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "services/common/runtime_wire.hpp"

namespace hailstone::status {
namespace {

using Json = nlohmann::ordered_json;

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double rounded_mb(ByteSize size) {
  return std::round(size.in_mib() * 10) / 10;
}

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

double seconds_of(std::chrono::nanoseconds time) {
  return rounded(std::chrono::duration<double>(time).count(), 10);
}

Json write_engine(const EngineState& engine, const core::InferenceFigures& inference) {
  Json out{
      {"name", engine.name}, {"usable", engine.availability.usable}, {"needed", engine.needed}};
  if (!engine.availability.usable) out["reason"] = engine.availability.reason;
  if (!engine.availability.version.empty()) out["version"] = engine.availability.version;
  const auto worked = inference.since_success.find(engine.name);
  if (worked != inference.since_success.end()) out["last_success_s"] = seconds_of(worked->second);
  return out;
}

Json write_model(const core::Resident& model) {
  Json out{{"name", model.name},
           {"engine", model.engine},
           {"host_bytes", model.footprint.host.count()},
           {"npu_bytes", model.footprint.npu.count()},
           {"context_length", model.context_length},
           {"leases", model.leases},
           {"loading", model.loading},
           {"pinned", model.pinned},
           {"expires_at", nullptr}};
  if (model.expires) out["expires_at"] = to_rfc3339(*model.expires);
  return out;
}

Json write_load(const core::MachineStatus& host) {
  if (!host.reading.cpu_load) return nullptr;
  return rounded(*host.reading.cpu_load, 100);
}

Json write_last_success(const core::InferenceFigures& inference) {
  if (inference.since_success.empty()) return nullptr;
  auto last = std::chrono::nanoseconds::max();
  for (const auto& [engine, age] : inference.since_success) last = std::min(last, age);
  return seconds_of(last);
}

Json write_inference(const core::InferenceFigures& inference) {
  return {{"running", inference.running},
          {"silent_s", seconds_of(inference.longest_silence)},
          {"last_success_s", write_last_success(inference)},
          {"stuck", inference.stuck}};
}

/// In full it is what `hailstone doctor` finds.
Json write_chip(const doctor::ChipSummary& chip) {
  if (!chip.is_present) return {{"present", false}};
  const auto or_null = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  return {{"present", true},
          {"chip", chip.chip},
          {"address", chip.address},
          {"node", or_null(chip.node)},
          {"driver", or_null(chip.driver)},
          {"library", or_null(chip.library)},
          {"trouble", or_null(chip.trouble)}};
}

/// What of the machine decides how much work it takes.
Json write_host(const core::MachineStatus& host) {
  Json out{{"heat", core::to_string(host.heat)},
           {"temperature_c", nullptr},
           {"cpu_load", write_load(host)},
           {"loaded", host.is_loaded}};
  if (const auto* hottest = core::find_hottest(host.reading)) {
    out["temperature_c"] = rounded(hottest->temperature.degrees, 10);
  }
  if (!host.heat_reason.empty()) out["reason"] = host.heat_reason;
  return out;
}

Json write_machine(const Resources& resources) {
  const auto& host = resources.host;
  Json out{{"total_bytes", resources.machine_total.count()},
           {"available_bytes", resources.machine_available.count()},
           {"heat", core::to_string(host.heat)},
           {"cpu_load", write_load(host)},
           {"thermometers", Json::array()}};
  for (const auto& one : host.reading.thermometers) {
    out["thermometers"].push_back({{"name", one.name},
                                   {"celsius", rounded(one.temperature.degrees, 10)},
                                   {"limited", one.counts}});
  }
  if (const auto& throttling = host.reading.throttling) {
    out["throttled"] = {{"now", throttling->now()}, {"since_start", throttling->since_start()}};
  }
  return out;
}

Json write_workers(const std::vector<WorkerLine>& workers) {
  Json out = Json::array();
  for (const auto& worker : workers) {
    out.push_back({{"name", worker.name}, {"route", worker.route}, {"state", worker.state}});
  }
  return out;
}

Json write_engines(const Resources& resources) {
  Json out = Json::array();
  for (const auto& engine : resources.engines) out.push_back(write_engine(engine, {}));
  return out;
}

Json write_places(const std::vector<SeenPlace>& places) {
  Json out = Json::array();
  for (const auto& seen : places) {
    Json place{{"kind", name_of(seen.place.kind)},
               {"path", seen.place.path.string()},
               {"because", seen.place.because},
               {"readable", seen.readable}};
    if (!seen.readable) {
      place["reason"] = seen.reason;
    } else if (seen.place.kind != PlaceKind::kProgram) {
      place["count"] = seen.count;
      place["names"] = seen.names;
    }
    out.push_back(std::move(place));
  }
  return out;
}

Json write_environment(const std::vector<Variable>& environment) {
  Json out = Json::object();
  for (const auto& [name, value] : environment) out[name] = value ? Json(*value) : Json(nullptr);
  return out;
}

}  // namespace

std::string write_health(const Health& health) {
  Json engines = Json::array();
  for (const auto& engine : health.engines) {
    engines.push_back(write_engine(engine, health.inference));
  }
  Json out{{"status", health.degraded ? "degraded" : "ok"},
           {"models_loaded", health.loaded},
           {"memory_used_mb", rounded_mb(health.memory)},
           {"memory", services::write_memory(health.budget)},
           {"engines", std::move(engines)},
           {"inference", write_inference(health.inference)},
           {"host", write_host(health.host)},
           {"npu", write_chip(health.chip)},
           {"uptime_s", health.uptime.count()},
           {"version", health.version}};
  if (!health.workers.empty()) out["workers"] = write_workers(health.workers);
  if (!health.faults.empty()) out["faulted"] = services::write_faults(health.faults);
  if (health.degraded) out["reasons"] = health.reasons;
  return to_text(out);
}

std::string write_live(const Liveness& liveness) {
  Json json{{"status", liveness.is_alive() ? "ok" : "stuck"},
            {"last_success_s", write_last_success(liveness.inference)},
            {"stuck", liveness.inference.stuck.size()}};
  if (!liveness.fault.empty()) json["reason"] = liveness.fault;
  return to_text(json);
}

std::string write_resources(const Resources& resources) {
  Json models = Json::array();
  for (const auto& model : resources.models) models.push_back(write_model(model));
  return to_text({{"models", std::move(models)},
                  {"total", services::write_footprint(resources.total)},
                  {"memory", services::write_memory(resources.budget)},
                  {"faulted", services::write_faults(resources.faults)},
                  {"daemon", {{"host_bytes", resources.daemon.count()}}},
                  {"machine", write_machine(resources)},
                  {"engines", write_engines(resources)},
                  {"workers", write_workers(resources.workers)},
                  {"places", write_places(resources.places)},
                  {"environment", write_environment(resources.environment)}});
}

std::string write_config(const InForce& in_force) {
  Json settings = Json::object();
  for (const auto& [name, value, source] : in_force.settings) {
    settings[name] = {{"value", value}, {"source", source}};
  }
  return to_text({{"file", in_force.file},
                  {"settings", std::move(settings)},
                  {"kernel_lacks", in_force.kernel_lacks}});
}

std::string write_ready(const std::optional<std::string>& not_ready) {
  if (!not_ready) return to_text({{"ready", true}});
  return to_text({{"ready", false}, {"reason", *not_ready}});
}

std::string write_status(const std::optional<std::string>& not_ready) {
  if (!not_ready) return to_text({{"status", "ok"}});
  return to_text(
      {{"error", {{"code", 503}, {"message", *not_ready}, {"type", "unavailable_error"}}}});
}

}  // namespace hailstone::status
