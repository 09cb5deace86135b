// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/wire_ollama.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "http/json_fields.hpp"
#include "services/common/ollama_wire.hpp"

namespace hailstone::chat {
namespace {

using http::Fields;
using http::Json;
using OrderedJson = Json;

constexpr int kMostTopLogprobs = 20;

void parse_common(const Fields& request, Task& task) {
  task.model = request.required_string("model");
  task.options = services::parse_options(request);
  task.keep_alive = services::parse_keep_alive(request);
  task.stream = request.find_bool("stream").value_or(true);
  task.thinking = services::parse_think(request);
  task.schema = services::parse_format(request);
  task.truncate = request.find_bool("truncate").value_or(true);
  task.shift = request.find_bool("shift").value_or(true);
  task.render_only = request.find_bool("_debug_render_only").value_or(false);
  task.want_logprobs = request.find_bool("logprobs").value_or(false);
  task.top_logprobs =
      static_cast<int>(request.find_int("top_logprobs", 0, kMostTopLogprobs).value_or(0));
}

inference::ToolCall parse_tool_call(const Fields& call) {
  const Fields function(call.required("function"), call.path_of("function"));
  inference::ToolCall out;
  out.id = call.find_string("id").value_or("");
  out.name = function.required_string("name");
  const auto arguments = function.find_object("arguments");
  out.arguments = arguments ? http::to_text(arguments->json()) : "{}";
  return out;
}

inference::Message parse_message(const Fields& fields) {
  inference::Message message;
  services::read_role(fields, message);
  // Pictures come first, as Ollama puts them.
  for (auto& image : services::parse_images(fields)) {
    inference::add_image(message, std::move(image));
  }
  inference::add_text(message, fields.find_string("content").value_or(""));
  message.thinking = fields.find_string("thinking").value_or("");
  if (const auto calls = fields.find_objects("tool_calls")) {
    for (const auto& call : *calls) message.tool_calls.push_back(parse_tool_call(call));
  }
  message.tool_name = fields.find_string("tool_name").value_or("");
  message.tool_call_id = fields.find_string("tool_call_id").value_or("");
  return message;
}

inference::ToolSpec parse_tool(const Fields& tool) {
  const Fields function(tool.required("function"), tool.path_of("function"));
  inference::ToolSpec out;
  out.name = function.required_string("name");
  out.description = function.find_string("description").value_or("");
  const auto parameters = function.find_object("parameters");
  out.parameters =
      parameters ? http::to_text(parameters->json()) : R"({"type":"object","properties":{}})";
  return out;
}

std::vector<inference::TokenId> parse_context(const Fields& request) {
  std::vector<inference::TokenId> out;
  const Json* context = request.find_array("context");
  if (context == nullptr) return out;
  out.reserve(context->size());
  for (const auto& item : *context) {
    const auto token = http::find_integer(item);
    if (!token || *token < 0 || *token > std::numeric_limits<inference::TokenId>::max()) {
      throw request.wrong_item("context", out.size(), "a token");
    }
    out.push_back(static_cast<inference::TokenId>(*token));
  }
  return out;
}

OrderedJson write_bytes(const std::string& bytes) {
  OrderedJson out = OrderedJson::array();
  for (const char c : bytes) out.push_back(static_cast<unsigned char>(c));
  return out;
}

OrderedJson write_logprob(const inference::TokenLogprob& logprob) {
  return {{"token", logprob.token},
          {"logprob", logprob.logprob},
          {"bytes", write_bytes(logprob.bytes)}};
}

OrderedJson write_logprobs(const std::vector<inference::TokenLogprob>& logprobs) {
  OrderedJson out = OrderedJson::array();
  for (const auto& logprob : logprobs) {
    out.push_back(write_logprob(logprob));
    if (logprob.top.empty()) continue;
    OrderedJson& top = out.back()["top_logprobs"] = OrderedJson::array();
    for (const auto& other : logprob.top) top.push_back(write_logprob(other));
  }
  return out;
}

OrderedJson write_tool_calls(const std::vector<inference::ToolCall>& calls, std::size_t index) {
  OrderedJson out = OrderedJson::array();
  for (const auto& call : calls) {
    auto arguments = OrderedJson::parse(call.arguments.empty() ? "{}" : call.arguments, nullptr,
                                        /*allow_exceptions=*/false);
    if (!arguments.is_object()) {
      throw Error(ErrorCode::kEngineFailed,
                  "the model called the tool '" + call.name + "' with arguments that are no JSON");
    }
    out.push_back(
        {{"id", call.id.empty() ? make_id("call_") : call.id},
         {"function",
          {{"index", index++}, {"name", call.name}, {"arguments", std::move(arguments)}}}});
  }
  return out;
}

OrderedJson write_message(const ReplyPiece& piece) {
  OrderedJson message{{"role", "assistant"}, {"content", piece.text}};
  if (!piece.thinking.empty()) message["thinking"] = piece.thinking;
  if (!piece.calls.empty()) {
    message["tool_calls"] = write_tool_calls(piece.calls, piece.first_call);
  }
  return message;
}

const char* name_of(Ending ending) noexcept {
  switch (ending) {
    case Ending::kStop:
      return "stop";
    case Ending::kLength:
      return "length";
    case Ending::kLoad:
      return "load";
    case Ending::kUnload:
      return "unload";
  }
  return "stop";
}

void set_unless_zero(OrderedJson& object, const char* name, std::int64_t value) {
  if (value != 0) object[name] = value;
}

void write_summary(const Summary& summary, OrderedJson& object) {
  object["done_reason"] = name_of(summary.ending);
  if (!summary.context.empty()) object["context"] = summary.context;
  set_unless_zero(object, "total_duration", summary.total_time.count());
  set_unless_zero(object, "load_duration", summary.load_time.count());
  set_unless_zero(object, "prompt_eval_count", summary.prompt_tokens);
  set_unless_zero(object, "prompt_eval_duration", summary.prompt_time.count());
  set_unless_zero(object, "eval_count", summary.generated_tokens);
  set_unless_zero(object, "eval_duration", summary.generate_time.count());
  if (summary.dropped_messages > 0 || summary.dropped_tokens > 0) {
    OrderedJson& truncated = object["truncated"] = OrderedJson::object();
    set_unless_zero(truncated, "messages", summary.dropped_messages);
    set_unless_zero(truncated, "tokens", summary.dropped_tokens);
  }
}

}  // namespace

ChatTask parse_chat(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  ChatTask task;
  parse_common(request, task);
  if (const auto messages = request.find_objects("messages")) {
    for (const auto& message : *messages) task.messages.push_back(parse_message(message));
  }
  if (const auto tools = request.find_objects("tools")) {
    for (const auto& tool : *tools) task.tools.push_back(parse_tool(tool));
  }
  return task;
}

GenerateTask parse_generate(std::string_view body) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  GenerateTask task;
  parse_common(request, task);
  task.prompt = request.find_string("prompt").value_or("");
  task.suffix = request.find_string("suffix").value_or("");
  task.system = request.find_string("system");
  task.template_text = request.find_string("template");
  task.context = parse_context(request);
  task.raw = request.find_bool("raw").value_or(false);
  task.images = services::parse_images(request);
  // Clients that know the field but have nothing to say send "".
  if (task.system == "") task.system.reset();
  if (task.template_text == "") task.template_text.reset();
  if (task.raw && (task.system || task.template_text || !task.context.empty())) {
    throw Error(ErrorCode::kBadRequest, "raw mode does not support template, system, or context");
  }
  return task;
}

std::string write_reply(const ReplyHead& head, WallTime created, const ReplyPiece& piece,
                        const Summary* summary) {
  OrderedJson object{{"model", head.model}, {"created_at", to_rfc3339(created)}};
  if (summary != nullptr && summary->rendered) {
    object["_debug_info"] = {{"rendered_template", *summary->rendered}};
    return object.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  }
  if (head.shape == Shape::kChat) {
    object["message"] = write_message(piece);
  } else {
    object["response"] = piece.text;
    if (!piece.thinking.empty()) object["thinking"] = piece.thinking;
  }
  object["done"] = summary != nullptr;
  if (summary != nullptr) write_summary(*summary, object);
  if (!piece.logprobs.empty()) object["logprobs"] = write_logprobs(piece.logprobs);
  return object.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace hailstone::chat
