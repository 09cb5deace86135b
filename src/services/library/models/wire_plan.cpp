// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/models/wire_plan.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"
#include "services/common/ollama_wire.hpp"
#include "services/common/runtime_wire.hpp"

namespace hailstone::models {

PlanTask parse_plan(std::string_view body) {
  const http::Json json = http::parse_json_object(body);
  const http::Fields request(json);
  return {request.required_string("model"), services::parse_options(request)};
}

std::string write_plan(const std::string& model, const core::LoadForecast& forecast) {
  nlohmann::ordered_json out{{"model", model},
                             {"resident", forecast.resident},
                             {"fits", forecast.fits},
                             {"wanted", services::write_footprint(forecast.wanted)},
                             {"free", services::write_footprint(forecast.free)},
                             {"evicts", forecast.evicts},
                             {"load_seconds", nullptr}};
  if (forecast.load_time) {
    out["load_seconds"] = std::chrono::duration<double>(*forecast.load_time).count();
  }
  if (!forecast.reason.empty()) out["reason"] = forecast.reason;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hailstone::models
