// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/wire_chat_request.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "services/common/base64.hpp"
#include "services/text/dialect/wire_request.hpp"
#include "services/text/openai/wire_common.hpp"

namespace hailstone::openai {
namespace {

using http::Fields;
using http::Json;
using inference::Message;
using inference::Part;
using inference::Role;

Role role_of(const Fields& message) {
  const std::string role = message.required_string("role");
  if (role == "system" || role == "developer") return Role::kSystem;
  if (role == "user") return Role::kUser;
  if (role == "assistant") return Role::kAssistant;
  if (role == "tool") return Role::kTool;
  throw message.wrong("role", R"("system", "developer", "user", "assistant" or "tool")");
}

Part read_audio(const Fields& part) {
  const Fields audio(part.required("input_audio"), part.path_of("input_audio"));
  auto bytes = services::find_base64(audio.required_string("data"));
  if (!bytes || bytes->empty()) throw audio.wrong("data", "base64 of a WAV or MP3 file");
  return {Part::Kind::kAudio, *std::move(bytes)};
}

/// A URL alone is what some clients send instead of an object with it.
Part read_image(const Fields& part, const dialect::FetchPicture& fetch) {
  const Json& image = part.required("image_url");
  const std::string path = part.path_of("image_url");
  if (image.is_string()) {
    return {Part::Kind::kImage, dialect::read_picture_url(image.get<std::string>(), path, fetch)};
  }
  const Fields fields(image, path);
  return {Part::Kind::kImage,
          dialect::with_detail(dialect::read_picture_url(fields.required_string("url"),
                                                         fields.path_of("url"), fetch),
                               fields)};
}

Part read_part(const Fields& part, const dialect::FetchPicture& fetch) {
  const std::string type = part.required_string("type");
  if (type == "text") return {Part::Kind::kText, part.find_string("text").value_or("")};
  if (type == "refusal") return {Part::Kind::kText, part.find_string("refusal").value_or("")};
  if (type == "image_url") return read_image(part, fetch);
  if (type == "input_audio") return read_audio(part);
  throw part.wrong("type", R"("text", "image_url" or "input_audio")");
}

void read_content(const Fields& fields, Message& message, const dialect::FetchPicture& fetch) {
  const Json* content = fields.find("content");
  if (content == nullptr) return;
  if (content->is_string()) return inference::add_text(message, content->get<std::string>());
  if (!content->is_array()) throw fields.wrong("content", "a string or an array of parts");
  for (const auto& part : fields.find_objects("content").value_or(std::vector<Fields>{})) {
    message.parts.push_back(read_part(part, fetch));
  }
}

inference::ToolCall read_call(const Fields& call) {
  const Fields function(call.required("function"), call.path_of("function"));
  return {call.find_string("id").value_or(""), function.required_string("name"),
          dialect::read_arguments(function, "arguments")};
}

Message read_message(const Fields& fields, const dialect::FetchPicture& fetch) {
  Message message;
  message.role = role_of(fields);
  read_content(fields, message, fetch);
  if (const auto calls = fields.find_objects("tool_calls")) {
    for (const auto& call : *calls) message.tool_calls.push_back(read_call(call));
  }
  message.tool_call_id = fields.find_string("tool_call_id").value_or("");
  if (message.role == Role::kAssistant) {
    message.thinking = fields.find_string("reasoning_content")
                           .value_or(fields.find_string("reasoning").value_or(""));
  }
  return message;
}

/// A tool's result says only which call it answers; some templates want the tool's name.
void name_results(std::vector<Message>& messages) {
  std::map<std::string, std::string> names;
  for (auto& message : messages) {
    for (const auto& call : message.tool_calls) names[call.id] = call.name;
    if (message.role != Role::kTool || !message.tool_name.empty()) continue;
    const auto name = names.find(message.tool_call_id);
    if (name != names.end()) message.tool_name = name->second;
  }
}

void read_response_format(const Fields& request, chat::Task& task) {
  const auto format = request.find_object("response_format");
  if (!format) return;
  const std::string type = format->required_string("type");
  if (type == "text") return;
  if (type == "json_object") {
    task.schema = format->has("schema") ? dialect::read_schema(*format, "schema") : "{}";
  } else if (type == "json_schema") {
    const Fields wrapped(format->required("json_schema"), format->path_of("json_schema"));
    task.schema = dialect::read_schema(wrapped, "schema");
  } else {
    throw format->wrong("type", R"("text", "json_object" or "json_schema")");
  }
}

void read_logprobs(const Fields& request, chat::Task& task) {
  task.want_logprobs = request.find_bool("logprobs").value_or(false);
  const auto top = request.find_int("top_logprobs", 0, kMostTopLogprobs);
  if (top && !task.want_logprobs) {
    throw Error(ErrorCode::kBadRequest, "top_logprobs needs logprobs to be true");
  }
  task.top_logprobs = static_cast<int>(top.value_or(0));
}

void read_thinking(const Fields& request, chat::Task& task) {
  task.thinks_if_able = true;
  task.thinking = dialect::read_effort(request, "reasoning_effort");
  if (const auto reasoning = request.find_object("reasoning")) {
    if (reasoning->has("effort")) task.thinking = dialect::read_effort(*reasoning, "effort");
    if (const auto most = reasoning->find_int("max_tokens", 0, kMostInt)) {
      task.thinking_tokens = static_cast<int>(*most);
    }
  }
}

void read_tools(const Fields& request, chat::ChatTask& task) {
  if (const auto tools = request.find_objects("tools")) {
    for (const auto& tool : *tools) {
      if (tool.find_string("type").value_or("function") != "function")
        throw tool.wrong("type", "\"function\"");
      const Fields function(tool.required("function"), tool.path_of("function"));
      task.tools.push_back(dialect::read_tool(function, "parameters"));
    }
  }
  task.parallel_tool_calls = request.find_bool("parallel_tool_calls").value_or(true);
  dialect::read_openai_tool_choice(request, task);
}

}  // namespace

int read_choices(const Fields& request) {
  return static_cast<int>(request.find_int("n", 1, kMostChoices).value_or(1));
}

Usage read_usage(const Fields& request) {
  const auto options = request.find_object("stream_options");
  const bool include = options && options->find_bool("include_usage").value_or(false);
  return include ? Usage::kInclude : Usage::kLeaveOut;
}

std::optional<int> find_limit(const Fields& request, std::string_view name) {
  const auto limit = request.find_int(name, 1, kMostInt);
  return limit ? std::optional(static_cast<int>(*limit)) : std::nullopt;
}

ChatCall parse_chat(std::string_view body, const dialect::FetchPicture& fetch) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  ChatCall call;
  auto& task = call.task;
  task.model = request.required_string("model");
  task.stream = request.find_bool("stream").value_or(false);
  task.shift = false;  // a full context ends the reply, as "length"
  dialect::read_sampling(request, {}, task.options);
  const auto limit = find_limit(request, "max_completion_tokens");
  task.options.num_predict = limit ? limit : find_limit(request, "max_tokens");
  dialect::read_extensions(request, task);
  const auto messages = request.find_objects("messages");
  if (!messages || messages->empty()) throw request.wrong("messages", "an array of messages");
  for (const auto& message : *messages) task.messages.push_back(read_message(message, fetch));
  name_results(task.messages);
  read_tools(request, task);
  read_response_format(request, task);
  read_logprobs(request, task);
  read_thinking(request, task);
  call.choices = read_choices(request);
  call.usage = read_usage(request);
  dialect::refuse_fields(request, {"functions", "function_call", "web_search_options", "audio"});
  return call;
}

}  // namespace hailstone::openai
