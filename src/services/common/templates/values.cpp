// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/values.hpp"

#include <ctime>

#include "formats/go_template/printing.hpp"

namespace hailstone::templates {
namespace {

using go_template::Call;
using go_template::Value;
using inference::Thinking;

/// "2026-11-30", where the machine stands.
std::string date_of(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

const char* script_type(std::string_view type) noexcept {
  if (type == "string") return "string";
  if (type == "number" || type == "integer") return "number";
  if (type == "boolean") return "boolean";
  if (type == "array") return "any[]";
  if (type == "object") return "Record<string, any>";
  if (type == "null") return "null";
  return "any";
}

const Value* find_field(const Value& value, std::string_view upper, std::string_view lower) {
  if (!value.is(Value::Kind::kRecord)) return nullptr;
  const Value* found = value.record().find(upper);
  return found != nullptr ? found : value.record().find(lower);
}

/// A parameter's type, for templates that describe tools in TypeScript.
std::string script_type_of(const Value& property) {
  std::string out;
  const auto add = [&out](const std::string& type) {
    if (!out.empty()) out += " | ";
    out += type;
  };
  const Value* any = find_field(property, "AnyOf", "anyOf");
  if (any != nullptr && any->is(Value::Kind::kList) && any->size() > 0) {
    for (std::size_t i = 0; i < any->size(); ++i) add(script_type_of(any->item(i)));
    return out;
  }
  const Value* type = find_field(property, "Type", "type");
  if (type != nullptr && type->is(Value::Kind::kText)) return script_type(type->text());
  if (type == nullptr || !type->is(Value::Kind::kList)) return "any";
  for (std::size_t i = 0; i < type->size(); ++i) {
    add(script_type(go_template::print(type->item(i))));
  }
  return out.empty() ? "any" : out;
}

const char* level_of(Thinking thinking) noexcept {
  switch (thinking) {
    case Thinking::kOn:
    case Thinking::kMedium:
      return "medium";
    case Thinking::kLow:
      return "low";
    case Thinking::kHigh:
      return "high";
    case Thinking::kMax:
      return "max";
    case Thinking::kOff:
    case Thinking::kModelDefault:
      break;
  }
  return "";
}

}  // namespace

void add_thinking(go_template::Record& data, Thinking thinking) {
  const bool is_set = thinking != Thinking::kModelDefault;
  data.set("Think", is_set && thinking != Thinking::kOff);
  data.set("ThinkLevel", level_of(thinking));
  data.set("IsThinkSet", is_set);
}

go_template::Functions ollama_functions(const Clock& clock) {
  return {
      {"json",
       [](const Call& call) -> Value {
         call.expect(1, 1);
         return go_template::write_json(call.arguments[0]);
       }},
      {"currentDate", [&clock](const Call&) -> Value { return date_of(clock.wall()); }},
      {"yesterdayDate",
       [&clock](const Call&) -> Value { return date_of(clock.wall() - std::chrono::hours(24)); }},
      {"toTypeScriptType", [](const Call& call) -> Value {
         call.expect(1, 1);
         return script_type_of(call.arguments[0]);
       }}};
}

}  // namespace hailstone::templates
