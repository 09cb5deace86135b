// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/wire_models.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"

namespace hailstone::openai {
namespace {

using http::Json;

std::int64_t seconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool is_usable(const models::ListedModel& model) {
  const std::string& task = model.stored.task;
  const bool can = model.facts && !model.facts->capabilities.empty();
  return can || task == "transcribe" || task == "speak";
}

/// As its owners in the registry have it: "library" is nobody's.
std::string owner_of(const core::StoredModel& stored) {
  const std::string name = stored.name.display();
  const auto slash = name.rfind('/');
  if (slash == std::string::npos) return "library";
  const auto begin = name.rfind('/', slash - 1);
  return name.substr(begin == std::string::npos ? 0 : begin + 1,
                     slash - (begin == std::string::npos ? 0 : begin + 1));
}

Json json_of(const models::ListedModel& model) {
  Json out{{"id", model.stored.name.display()},
           {"object", "model"},
           {"created", seconds_of(model.stored.modified)},
           {"owned_by", owner_of(model.stored)}};
  if (!model.facts) return out;
  if (model.facts->context_length > 0) out["max_model_len"] = model.facts->context_length;
  Json capabilities = Json::array();
  for (const auto capability : model.facts->capabilities) {
    capabilities.push_back(inference::name_of(capability));
  }
  out["capabilities"] = std::move(capabilities);
  return out;
}

}  // namespace

std::string write_models(const std::vector<models::ListedModel>& models) {
  Json data = Json::array();
  for (const auto& model : models) {
    if (is_usable(model)) data.push_back(json_of(model));
  }
  return http::to_text({{"object", "list"}, {"data", std::move(data)}});
}

std::string write_model(const models::ListedModel& model) {
  return http::to_text(json_of(model));
}

}  // namespace hailstone::openai
