// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "formats/go_template/printing.hpp"
#include "services/common/templates/values.hpp"

namespace hailstone::templates {
namespace {

using go_template::Record;
using go_template::Value;
using Json = nlohmann::ordered_json;
using Fields = std::vector<std::pair<std::string, Value>>;

Value value_of(const Json& json);

Value list_of(const Json& json) {
  std::vector<Value> items;
  items.reserve(json.size());
  for (const auto& item : json) items.push_back(value_of(item));
  return Value(std::move(items));
}

/// Prints as its JSON, as Ollama's maps do.
Value map_of(const Json& json) {
  Record map;
  for (const auto& [name, value] : json.items()) map.set(name, value_of(value));
  map.shown = go_template::write_json(map);
  return map;
}

Value value_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::number_integer:
      return json.get<std::int64_t>();
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      if (number > static_cast<std::uint64_t>(INT64_MAX)) return static_cast<double>(number);
      return static_cast<std::int64_t>(number);
    }
    case Json::value_t::number_float:
      return json.get<double>();
    case Json::value_t::string:
      return json.get_ref<const std::string&>();
    case Json::value_t::array:
      return list_of(json);
    case Json::value_t::object:
      return map_of(json);
    default:
      return {};
  }
}

Value member(const Json& object, const char* name, Value missing = {}) {
  const auto found = object.find(name);
  return found == object.end() ? missing : value_of(*found);
}

Value struct_of(Fields fields, std::string shown) {
  return Record{Record::Shape::kStruct, std::move(fields), std::move(shown)};
}

/// One parameter of a tool. A schema that is only true or false says nothing.
Value property_of(const Json& json) {
  const Json& object = json.is_object() ? json : Json::object();
  return struct_of({{"AnyOf", member(object, "anyOf")},
                    {"Type", member(object, "type", "")},
                    {"Items", member(object, "items")},
                    {"Description", member(object, "description", "")},
                    {"Enum", member(object, "enum")},
                    {"Properties", member(object, "properties")},
                    {"Required", member(object, "required")}},
                   go_template::write_json(value_of(json)));
}

Value properties_of(const Json& parameters) {
  Record map;
  const auto found = parameters.find("properties");
  if (found != parameters.end() && found->is_object()) {
    for (const auto& [name, property] : found->items()) map.set(name, property_of(property));
  }
  map.shown = go_template::write_json(map);
  return map;
}

Json parameters_of(const inference::ToolSpec& tool) {
  Json json = Json::parse(tool.parameters.empty() ? "{}" : tool.parameters, nullptr,
                          /*allow_exceptions=*/false);
  if (!json.is_object()) {
    throw Error(ErrorCode::kBadRequest,
                "the parameters of the tool " + tool.name + " are not a JSON object");
  }
  return json;
}

Value tool_value(const inference::ToolSpec& tool) {
  const Json json = parameters_of(tool);
  const Value whole = value_of(json);
  const Value parameters = struct_of({{"Type", member(json, "type")},
                                      {"Defs", member(json, "$defs")},
                                      {"Items", member(json, "items")},
                                      {"Required", member(json, "required")},
                                      {"Properties", properties_of(json)}},
                                     go_template::write_json(whole));
  Record shown;
  shown.set("name", tool.name);
  if (!tool.description.empty()) shown.set("description", tool.description);
  shown.set("parameters", whole);
  const std::string function_text = go_template::write_json(shown);
  Value function = struct_of(
      {{"Name", tool.name}, {"Description", tool.description}, {"Parameters", parameters}},
      function_text);
  return struct_of({{"Type", "function"}, {"Items", {}}, {"Function", std::move(function)}},
                   R"({"type":"function","function":)" + function_text + "}");
}

Value call_value(const inference::ToolCall& call, std::size_t index) {
  Value arguments = json_value(call.arguments);
  if (!arguments.is(Value::Kind::kRecord)) arguments = map_of(Json::object());
  Value function = struct_of({{"Index", static_cast<std::int64_t>(index)},
                              {"Name", call.name},
                              {"Arguments", std::move(arguments)}},
                             {});
  return struct_of({{"ID", call.id}, {"Function", std::move(function)}}, {});
}

}  // namespace

Value json_value(std::string_view text) {
  return value_of(Json::parse(text, nullptr, /*allow_exceptions=*/false));
}

Value message_value(const PlainMessage& message) {
  std::vector<Value> calls;
  for (const auto& call : message.tool_calls) calls.push_back(call_value(call, calls.size()));
  return struct_of({{"Role", message.role},
                    {"Content", message.content},
                    {"Thinking", message.thinking},
                    {"Images", {}},
                    {"ToolCalls", Value(std::move(calls))},
                    {"ToolName", message.tool_name},
                    {"ToolCallID", message.tool_call_id}},
                   {});
}

Value tools_value(const std::vector<inference::ToolSpec>& tools) {
  if (tools.empty()) return {};
  std::vector<Value> items;
  for (const auto& tool : tools) items.push_back(tool_value(tool));
  const std::string shown = go_template::write_json(Value(items));
  return Value(std::move(items), shown);
}

}  // namespace hailstone::templates
