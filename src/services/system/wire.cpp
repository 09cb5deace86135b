// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/wire.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace hailstone::system {
namespace {

using Json = nlohmann::ordered_json;

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

double rounded_mb(ByteSize size) {
  return std::round(size.in_mib() * 10) / 10;
}

Json write_engine(const EngineState& engine) {
  Json out{
      {"name", engine.name}, {"usable", engine.availability.usable}, {"needed", engine.needed}};
  if (!engine.availability.usable) out["reason"] = engine.availability.reason;
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
           {"expires_at", nullptr}};
  if (model.expires) out["expires_at"] = to_rfc3339(*model.expires);
  return out;
}

double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

Json write_load(const core::HostStatus& host) {
  if (!host.reading.cpu_load) return nullptr;
  return rounded(*host.reading.cpu_load, 100);
}

/// What of the machine decides how much work it takes.
Json write_host(const core::HostStatus& host) {
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

}  // namespace

std::string write_health(const Health& health) {
  Json engines = Json::array();
  for (const auto& engine : health.engines) engines.push_back(write_engine(engine));
  Json out{{"status", health.degraded ? "degraded" : "ok"},
           {"models_loaded", health.loaded},
           {"memory_used_mb", rounded_mb(health.memory)},
           {"engines", std::move(engines)},
           {"host", write_host(health.host)},
           {"uptime_s", health.uptime.count()},
           {"version", health.version}};
  if (health.degraded) out["reasons"] = health.reasons;
  return to_text(out);
}

std::string write_resources(const Resources& resources) {
  Json models = Json::array();
  for (const auto& model : resources.models) models.push_back(write_model(model));
  return to_text(
      {{"models", std::move(models)},
       {"total",
        {{"host_bytes", resources.total.host.count()}, {"npu_bytes", resources.total.npu.count()}}},
       {"daemon", {{"host_bytes", resources.daemon.count()}}},
       {"machine", write_machine(resources)}});
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

}  // namespace hailstone::system
