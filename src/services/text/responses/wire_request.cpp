// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/responses/wire_request.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "http/json_fields.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::responses {
namespace {

using http::Fields;
using http::Json;
using inference::Message;
using inference::Part;
using inference::Role;
using inference::ToolChoice;

constexpr int kMostInt = std::numeric_limits<int>::max();
constexpr int kMostTopLogprobs = 20;

Role role_of(const Fields& item) {
  const std::string role = item.required_string("role");
  if (role == "system" || role == "developer") return Role::kSystem;
  if (role == "user") return Role::kUser;
  if (role == "assistant") return Role::kAssistant;
  throw item.wrong("role", R"("system", "developer", "user" or "assistant")");
}

/// Makes messages of items: what a model thought, said and called in one turn is one message.
class Conversation {
 public:
  Conversation(History& history, const dialect::FetchPicture& fetch)
      : history_(history), fetch_(fetch) {}

  void add_text(Role role, std::string text) {
    messages_.push_back(inference::make_message(role, std::move(text)));
  }

  void add(const Fields& item) {
    const std::string type = item.find_string("type").value_or("message");
    if (type == "message") {
      add_message(item);
    } else if (type == "function_call") {
      add_call(item);
    } else if (type == "function_call_output") {
      add_result(item);
    } else if (type == "reasoning") {
      add_reasoning(item);
    } else if (type == "item_reference") {
      add_reference(item);
    } else {
      throw item.wrong("type",
                       "message, function_call, function_call_output, reasoning or "
                       "item_reference");
    }
  }

  void add(const StoredItem& stored) {
    const Json json = Json::parse(stored.json, nullptr, /*allow_exceptions=*/false);
    if (json.is_object()) add(Fields(json, stored.id));
  }

  std::vector<Message> take() { return std::move(messages_); }

 private:
  /// The turn of the model that is being read.
  Message& turn() {
    if (messages_.empty() || messages_.back().role != Role::kAssistant) {
      messages_.push_back(inference::make_message(Role::kAssistant, ""));
    }
    return messages_.back();
  }

  void add_message(const Fields& item) {
    const Role role = role_of(item);
    auto parts = read_parts(item, "content");
    if (role == Role::kAssistant) {
      Message& last = turn();
      if (!last.parts.empty() || !last.tool_calls.empty()) {
        messages_.push_back(inference::make_message(role, ""));
      }
      messages_.back().parts = std::move(parts);
      return;
    }
    Message message;
    message.role = role;
    message.parts = std::move(parts);
    messages_.push_back(std::move(message));
  }

  std::vector<Part> read_parts(const Fields& fields, std::string_view name) const {
    const Json& content = fields.required(name);
    if (content.is_string()) return {{Part::Kind::kText, content.get<std::string>()}};
    if (!content.is_array()) throw fields.wrong(name, "a string or an array of parts");
    std::vector<Part> parts;
    for (const auto& part : fields.find_objects(name).value_or(std::vector<Fields>{}))
      parts.push_back(read_part(part));
    return parts;
  }

  Part read_part(const Fields& part) const {
    const std::string type = part.required_string("type");
    if (type == "input_text" || type == "output_text" || type == "text") {
      return {Part::Kind::kText, part.find_string("text").value_or("")};
    }
    if (type == "refusal") return {Part::Kind::kText, part.find_string("refusal").value_or("")};
    if (type == "input_image") {
      return {Part::Kind::kImage,
              dialect::with_detail(dialect::read_picture_url(part.required_string("image_url"),
                                                             part.path_of("image_url"), fetch_),
                                   part)};
    }
    throw part.wrong("type", R"("input_text", "output_text" or "input_image")");
  }

  void add_call(const Fields& item) {
    inference::ToolCall call{item.required_string("call_id"), item.required_string("name"),
                             dialect::read_arguments(item, "arguments")};
    names_[call.id] = call.name;
    turn().tool_calls.push_back(std::move(call));
  }

  void add_result(const Fields& item) {
    Message result;
    result.role = Role::kTool;
    result.tool_call_id = item.required_string("call_id");
    result.parts = read_parts(item, "output");
    const auto name = names_.find(result.tool_call_id);
    if (name != names_.end()) result.tool_name = name->second;
    messages_.push_back(std::move(result));
  }

  void add_reasoning(const Fields& item) {
    std::string text;
    for (const char* name : {"summary", "content"}) {
      for (const auto& part : item.find_objects(name).value_or(std::vector<Fields>{})) {
        text += part.find_string("text").value_or("");
      }
      if (!text.empty()) break;  // both tell the same
    }
    Message& last = turn();
    if (last.parts.empty() && last.tool_calls.empty()) {
      last.thinking += text;
    } else {
      messages_.push_back(inference::make_message(Role::kAssistant, ""));
      messages_.back().thinking = std::move(text);
    }
  }

  void add_reference(const Fields& item) {
    const std::string id = item.required_string("id");
    const auto found = history_.find_item(id);
    if (!found) {
      throw Error(ErrorCode::kBadRequest,
                  item.path_of("id") + ": item '" + id.substr(0, 80) + "' not found",
                  "send the item itself: nothing of that id is stored");
    }
    add(*found);
  }

  History& history_;
  const dialect::FetchPicture& fetch_;
  std::vector<Message> messages_;
  std::map<std::string, std::string> names_;  ///< of tools, by the id of their calls
};

/// As it came, with an id.
StoredItem keep(const Json& item) {
  Json kept = item;
  if (!kept.contains("type")) kept["type"] = "message";
  if (!kept.contains("id") || !kept["id"].is_string()) kept["id"] = make_id("item_");
  return {kept["id"].get<std::string>(), http::to_text(kept)};
}

void read_input(const Fields& request, Conversation& conversation, Call& call) {
  const Json& input = request.required("input");
  if (input.is_string()) {
    conversation.add_text(Role::kUser, input.get<std::string>());
    call.input.push_back(
        keep({{"type", "message"},
              {"role", "user"},
              {"content", Json::array({{{"type", "input_text"}, {"text", input}}})}}));
    return;
  }
  if (!input.is_array()) throw request.wrong("input", "a string or an array of items");
  for (const auto& item : request.find_objects("input").value_or(std::vector<Fields>{})) {
    conversation.add(item);
    const bool is_reference = item.find_string("type") == "item_reference";
    if (!is_reference) call.input.push_back(keep(item.json()));
  }
}

void read_text(const Fields& request, chat::Task& task) {
  const auto text = request.find_object("text");
  if (!text) return;
  const auto format = text->find_object("format");
  if (!format) return;
  const std::string type = format->required_string("type");
  if (type == "json_object") {
    task.schema = "{}";
  } else if (type == "json_schema") {
    task.schema = dialect::read_schema(*format, "schema");
  } else if (type != "text") {
    throw format->wrong("type", R"("text", "json_object" or "json_schema")");
  }
}

void read_reasoning(const Fields& request, chat::Task& task) {
  task.thinks_if_able = true;
  const auto reasoning = request.find_object("reasoning");
  if (reasoning) task.thinking = dialect::read_effort(*reasoning, "effort");
}

/// What OpenAI's own servers run. A model may call them, and here it never does: they are left out,
/// unless the choice of a tool wants one.
bool is_hosted_tool(std::string_view type) noexcept {
  constexpr std::array<std::string_view, 4> kHosted = {"web_search", "file_search",
                                                       "code_interpreter", "image_generation"};
  return std::any_of(kHosted.begin(), kHosted.end(),
                     [&](std::string_view each) { return type.starts_with(each); });
}

void read_tool(const Fields& tool, const std::string& group, Call& call) {
  const std::string type = tool.required_string("type");
  if (is_hosted_tool(type)) return;
  if (type == "namespace" && group.empty()) {
    const std::string name = tool.required_string("name");
    for (const auto& each : tool.find_objects("tools").value_or(std::vector<Fields>{})) {
      read_tool(each, name, call);
    }
    return;
  }
  if (type != "function") throw tool.wrong("type", R"("function" or "namespace")");
  auto& tools = call.task.tools;
  tools.push_back(dialect::read_tool(tool, "parameters"));
  if (!group.empty()) call.namespaces[tools.back().name] = group;
}

void read_tools(const Fields& request, Call& call) {
  auto& task = call.task;
  for (const auto& tool : request.find_objects("tools").value_or(std::vector<Fields>{})) {
    read_tool(tool, "", call);
  }
  task.parallel_tool_calls = request.find_bool("parallel_tool_calls").value_or(true);
  dialect::read_openai_tool_choice(request, task);
}

void set(Json& echo, const Fields& request, const char* name, Json otherwise) {
  const Json* value = request.find(name);
  echo[name] = value != nullptr ? *value : std::move(otherwise);
}

/// In the order of OpenAI's own replies.
std::string echo_of(const Fields& request, const Call& call) {
  Json echo = Json::object();
  set(echo, request, "instructions", nullptr);
  set(echo, request, "max_output_tokens", nullptr);
  set(echo, request, "max_tool_calls", nullptr);
  echo["model"] = call.task.model;
  set(echo, request, "parallel_tool_calls", true);
  echo["previous_response_id"] = call.previous.empty() ? Json(nullptr) : Json(call.previous);
  set(echo, request, "reasoning", {{"effort", nullptr}, {"summary", nullptr}});
  echo["service_tier"] = "default";
  echo["store"] = call.store;
  set(echo, request, "temperature", 1.0);
  set(echo, request, "text", {{"format", {{"type", "text"}}}});
  set(echo, request, "tool_choice", "auto");
  set(echo, request, "tools", Json::array());
  set(echo, request, "top_logprobs", 0);
  set(echo, request, "top_p", 1.0);
  set(echo, request, "truncation", "auto");
  set(echo, request, "user", nullptr);
  set(echo, request, "metadata", Json::object());
  return http::to_text(echo);
}

void read_truncation(const Fields& request, chat::Task& task) {
  const auto truncation = request.find_string("truncation");
  if (!truncation) return;
  if (*truncation != "auto" && *truncation != "disabled") {
    throw request.wrong("truncation", R"("auto" or "disabled")");
  }
  task.truncate = *truncation == "auto";
}

bool includes_logprobs(const Fields& request) {
  for (const auto& name : request.find_strings("include").value_or(std::vector<std::string>{})) {
    if (name == "message.output_text.logprobs") return true;
  }
  return false;
}

}  // namespace

Call parse_call(std::string_view body, History& history, const dialect::FetchPicture& fetch) {
  const Json json = http::parse_json_object(body);
  const Fields request(json);
  Call call;
  auto& task = call.task;
  task.model = request.required_string("model");
  task.stream = request.find_bool("stream").value_or(false);
  task.shift = false;
  dialect::read_sampling(request, {}, task.options);
  dialect::read_extensions(request, task);
  read_truncation(request, task);
  if (const auto most = request.find_int("max_output_tokens", 1, kMostInt)) {
    task.options.num_predict = static_cast<int>(*most);
  }
  task.top_logprobs =
      static_cast<int>(request.find_int("top_logprobs", 0, kMostTopLogprobs).value_or(0));
  task.want_logprobs = task.top_logprobs > 0 || includes_logprobs(request);
  call.store = request.find_bool("store").value_or(true) && history.keeps();
  call.previous = request.find_string("previous_response_id").value_or("");
  dialect::refuse_fields(request, {"background", "conversation", "prompt", "context_management"});

  Conversation conversation(history, fetch);
  if (const auto instructions = request.find_string("instructions")) {
    conversation.add_text(Role::kSystem, *instructions);
  }
  if (!call.previous.empty()) {
    for (const auto& item : history.conversation(call.previous)) conversation.add(item);
  }
  read_input(request, conversation, call);
  task.messages = conversation.take();
  if (task.messages.empty()) throw request.wrong("input", "something to answer");
  read_tools(request, call);
  read_text(request, task);
  read_reasoning(request, task);
  call.echo = echo_of(request, call);
  return call;
}

}  // namespace hailstone::responses
