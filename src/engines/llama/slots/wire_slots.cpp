// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/slots/wire_slots.hpp"

#include <nlohmann/json.hpp>

namespace hailstone::engines::llama {
namespace {

using nlohmann::json;

int int_at(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return 0;
  const json& value = object[name];
  if (!value.is_number_integer()) return 0;
  const auto number = value.get<std::int64_t>();
  return number > 0 && number < 1 << 30 ? static_cast<int>(number) : 0;
}

}  // namespace

std::vector<SlotState> parse_slots(std::string_view body) {
  const json slots = json::parse(body, nullptr, /*allow_exceptions=*/false);
  std::vector<SlotState> states;
  if (!slots.is_array()) return states;
  for (const json& slot : slots) {
    if (!slot.is_object()) return {};
    states.push_back({int_at(slot, "id"), int_at(slot, "n_prompt_tokens"),
                      slot.value("is_processing", json(false)) == true});
  }
  return states;
}

int parse_kept_tokens(std::string_view body) {
  const json reply = json::parse(body, nullptr, /*allow_exceptions=*/false);
  return int_at(reply, "n_restored") + int_at(reply, "n_saved");
}

std::string file_request(const std::string& name) {
  return json{{"filename", name}}.dump();
}

}  // namespace hailstone::engines::llama
