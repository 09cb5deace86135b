// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/anthropic/wire_request.hpp"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "http/json_fields.hpp"
#include "services/common/base64.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::anthropic {
namespace {

using http::Fields;
using http::Json;
using inference::Message;
using inference::Part;
using inference::Role;
using inference::Thinking;
using inference::ToolChoice;

constexpr int kMostInt = std::numeric_limits<int>::max();

/// Reads the messages of one request, each of which may become several of ours: a tool's result is
/// a message of its own, before what the user says with it.
class Conversation {
 public:
  explicit Conversation(const dialect::FetchPicture& fetch) : fetch_(fetch) {}

  void add_system(const Fields& request) {
    const Json* system = request.find("system");
    if (system == nullptr) return;
    messages_.push_back(inference::make_message(Role::kSystem, read_texts(request, "system")));
    if (messages_.back().parts.empty()) messages_.pop_back();
  }

  void add(const Fields& fields) {
    Message message;
    const std::string role = fields.required_string("role");
    // Anthropic's coding agent sends notes of its own as the system's, between the turns.
    if (role != "user" && role != "assistant" && role != "system") {
      throw fields.wrong("role", R"("user", "assistant" or "system")");
    }
    message.role = role == "user"     ? Role::kUser
                   : role == "system" ? Role::kSystem
                                      : Role::kAssistant;
    const Json& content = fields.required("content");
    if (content.is_string()) {
      inference::add_text(message, content.get<std::string>());
    } else if (content.is_array()) {
      for (const auto& block : fields.find_objects("content").value_or(std::vector<Fields>{}))
        add_block(block, message);
    } else {
      throw fields.wrong("content", "a string or an array of blocks");
    }
    const bool says_nothing = message.parts.empty() && message.tool_calls.empty() && has_results_;
    if (!says_nothing) messages_.push_back(std::move(message));
    has_results_ = false;
  }

  std::vector<Message> take() { return std::move(messages_); }

 private:
  /// A string, or blocks of text.
  static std::string read_texts(const Fields& fields, std::string_view name) {
    const Json& value = fields.required(name);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) throw fields.wrong(name, "a string or an array of blocks");
    std::string text;
    for (const auto& block : fields.find_objects(name).value_or(std::vector<Fields>{})) {
      if (block.required_string("type") != "text") continue;
      if (!text.empty()) text += "\n\n";
      text += block.find_string("text").value_or("");
    }
    return text;
  }

  void add_block(const Fields& block, Message& message) {
    const std::string type = block.required_string("type");
    if (type == "text") {
      message.parts.push_back({Part::Kind::kText, block.find_string("text").value_or("")});
    } else if (type == "image") {
      message.parts.push_back(read_image(block));
    } else if (type == "document") {
      message.parts.push_back(read_document(block));
    } else if (type == "thinking") {
      message.thinking += block.find_string("thinking").value_or("");
    } else if (type == "tool_use") {
      add_call(block, message);
    } else if (type == "tool_result") {
      add_result(block, message);
    } else if (type != "redacted_thinking") {
      throw block.wrong("type", "text, image, document, thinking, tool_use or tool_result");
    }
  }

  Part read_image(const Fields& block) const {
    const Fields source(block.required("source"), block.path_of("source"));
    const std::string type = source.required_string("type");
    if (type == "url") {
      return {Part::Kind::kImage, dialect::read_picture_url(source.required_string("url"),
                                                            source.path_of("url"), fetch_)};
    }
    if (type != "base64") throw source.wrong("type", R"("base64" or "url")");
    auto bytes = services::find_base64(source.required_string("data"));
    if (!bytes || bytes->empty()) throw source.wrong("data", "base64 of a picture");
    return {Part::Kind::kImage, *std::move(bytes)};
  }

  static Part read_document(const Fields& block) {
    const Fields source(block.required("source"), block.path_of("source"));
    if (source.required_string("type") != "text") {
      throw source.wrong("type", "\"text\": other documents are not read here");
    }
    return {Part::Kind::kText, source.find_string("data").value_or("")};
  }

  void add_call(const Fields& block, Message& message) {
    inference::ToolCall call{block.find_string("id").value_or(""), block.required_string("name"),
                             dialect::read_arguments(block, "input")};
    names_[call.id] = call.name;
    message.tool_calls.push_back(std::move(call));
  }

  void add_result(const Fields& block, Message& message) {
    const std::string id = block.required_string("tool_use_id");
    std::string text;
    if (const Json* content = block.find("content"); content != nullptr) {
      text = read_texts(block, "content");
      if (content->is_array()) {
        // A template has no place for pictures in a result: they follow in the user's words.
        for (const auto& inner : block.find_objects("content").value_or(std::vector<Fields>{})) {
          if (inner.find_string("type") == "image") message.parts.push_back(read_image(inner));
        }
      }
    }
    if (block.find_bool("is_error").value_or(false)) text = "Error: " + text;
    Message result = inference::make_message(Role::kTool, std::move(text));
    result.tool_call_id = id;
    if (const auto name = names_.find(id); name != names_.end()) result.tool_name = name->second;
    messages_.push_back(std::move(result));
    has_results_ = true;
  }

  const dialect::FetchPicture& fetch_;
  std::vector<Message> messages_;
  std::map<std::string, std::string> names_;  ///< of the tools, by the id of their calls
  bool has_results_ = false;                  ///< the message that is being read
};

void read_tools(const Fields& request, chat::ChatTask& task) {
  for (const auto& tool : request.find_objects("tools").value_or(std::vector<Fields>{})) {
    if (tool.find_string("type").value_or("custom") != "custom") {
      throw tool.wrong("type", "\"custom\": there are no tools of the server's here");
    }
    task.tools.push_back(dialect::read_tool(tool, "input_schema"));
  }
  const auto choice = request.find_object("tool_choice");
  if (!choice) return;
  using Mode = ToolChoice::Mode;
  const std::string type = choice->required_string("type");
  if (type == "none") {
    task.tool_choice.mode = Mode::kNone;
  } else if (type == "any") {
    task.tool_choice.mode = Mode::kRequired;
  } else if (type == "tool") {
    task.tool_choice = {Mode::kNamed, choice->required_string("name")};
  } else if (type != "auto") {
    throw choice->wrong("type", R"("auto", "any", "tool" or "none")");
  }
  task.parallel_tool_calls = !choice->find_bool("disable_parallel_tool_use").value_or(false);
  dialect::check_tool_choice(task, "tool_choice");
}

void read_thinking(const Fields& request, chat::Task& task) {
  task.thinks_if_able = true;
  if (const auto output = request.find_object("output_config")) {
    if (output->has("effort")) task.thinking = dialect::read_effort(*output, "effort");
    if (const auto format = output->find_object("format")) {
      if (format->required_string("type") != "json_schema") {
        throw format->wrong("type", "\"json_schema\"");
      }
      task.schema = dialect::read_schema(*format, "schema");
    }
  }
  const auto thinking = request.find_object("thinking");
  if (!thinking) return;
  const std::string type = thinking->required_string("type");
  if (type == "disabled") {
    task.thinking = Thinking::kOff;
  } else if (type == "enabled" || type == "adaptive") {
    if (task.thinking == Thinking::kModelDefault) task.thinking = Thinking::kOn;
    if (const auto budget = thinking->find_int("budget_tokens", 1, kMostInt)) {
      task.thinking_tokens = static_cast<int>(*budget);
    }
  } else {
    throw thinking->wrong("type", R"("enabled", "disabled" or "adaptive")");
  }
}

chat::ChatTask parse(const Fields& request, const dialect::FetchPicture& fetch) {
  chat::ChatTask task;
  task.model = request.required_string("model");
  task.stream = request.find_bool("stream").value_or(false);
  task.shift = false;
  dialect::read_sampling(request, {.stop = "stop_sequences"}, task.options);
  dialect::read_extensions(request, task);
  Conversation conversation(fetch);
  conversation.add_system(request);
  const auto messages = request.find_objects("messages");
  if (!messages || messages->empty()) throw request.wrong("messages", "an array of messages");
  for (const auto& message : *messages) conversation.add(message);
  task.messages = conversation.take();
  read_tools(request, task);
  read_thinking(request, task);
  dialect::refuse_fields(request, {"mcp_servers", "container"});
  return task;
}

}  // namespace

chat::ChatTask parse_messages(std::string_view body, const dialect::FetchPicture& fetch) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  const auto limit = request.find_int("max_tokens", 1, kMostInt);
  if (!limit) throw request.wrong("max_tokens", "a number of tokens");
  chat::ChatTask task = parse(request, fetch);
  task.options.num_predict = static_cast<int>(*limit);
  return task;
}

chat::ChatTask parse_count(std::string_view body, const dialect::FetchPicture& fetch) {
  const Json json = http::parse_json_object(body);
  return parse(Fields(json), fetch);
}

}  // namespace hailstone::anthropic
