// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/wire_prompt.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace hailstone::engines::hailo {
namespace {

using Json = nlohmann::ordered_json;
using inference::Part;

Json parse_or_empty(const std::string& text) {
  auto value = Json::parse(text, nullptr, false);
  return value.is_object() ? value : Json::object();
}

/// A client's text may be no UTF-8; it is not ours to refuse here.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* role_name(const inference::Message& message) {
  switch (message.role) {
    case inference::Role::kSystem:
      return "system";
    case inference::Role::kAssistant:
      return "assistant";
    default:
      return "user";
  }
}

Json write_content(const inference::Message& message) {
  if (!inference::has_part(message, Part::Kind::kImage)) return inference::text_of(message);
  Json content = Json::array();
  for (const auto& part : message.parts) {
    if (part.kind == Part::Kind::kAudio) {
      throw Error(ErrorCode::kUnsupported, "the Hailo's models of this kind hear no sounds");
    }
    if (part.kind == Part::Kind::kImage) {
      content.push_back({{"type", "image"}});
    } else {
      content.push_back({{"type", "text"}, {"text", part.data}});
    }
  }
  return content;
}

}  // namespace

std::string write_tool(const inference::ToolSpec& tool) {
  const Json function = {{"name", tool.name},
                         {"description", tool.description},
                         {"parameters", parse_or_empty(tool.parameters)}};
  return dump({{"type", "function"}, {"function", function}});
}

std::string write_call(const inference::ToolCall& call, const char* arguments_key) {
  return dump({{"name", call.name}, {arguments_key, parse_or_empty(call.arguments)}});
}

std::optional<inference::ToolCall> parse_call(const std::string& text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) {
    return std::nullopt;
  }
  inference::ToolCall call;
  call.id = make_id("call_");
  call.name = json["name"].get<std::string>();
  Json arguments = Json::object();
  for (const char* const key : {"arguments", "parameters"}) {
    if (!json.contains(key)) continue;
    arguments = json[key];
    // Some write the object as a text.
    if (arguments.is_string()) arguments = parse_or_empty(arguments.get<std::string>());
  }
  if (!arguments.is_object()) return std::nullopt;
  call.arguments = dump(arguments);
  return call;
}

std::vector<std::string> write_messages(const std::vector<inference::Message>& messages) {
  std::vector<std::string> written;
  for (const auto& message : messages) {
    written.push_back(dump({{"role", role_name(message)}, {"content", write_content(message)}}));
  }
  return written;
}

}  // namespace hailstone::engines::hailo
