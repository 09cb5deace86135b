// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/wire_tool_schema.hpp"

#include <nlohmann/json.hpp>

namespace hailstone::chat {

std::string call_schema(const std::vector<inference::ToolSpec>& tools) {
  using Json = nlohmann::ordered_json;
  Json alternatives = Json::array();
  for (const auto& tool : tools) {
    Json parameters = Json::parse(tool.parameters, nullptr, /*allow_exceptions=*/false);
    if (!parameters.is_object()) parameters = {{"type", "object"}};
    alternatives.push_back(
        {{"type", "object"},
         {"properties", {{"name", {{"const", tool.name}}}, {"arguments", std::move(parameters)}}},
         {"required", {"name", "arguments"}},
         {"additionalProperties", false}});
  }
  if (alternatives.size() == 1) return alternatives.front().dump();
  return Json{{"anyOf", std::move(alternatives)}}.dump();
}

}  // namespace hailstone::chat
