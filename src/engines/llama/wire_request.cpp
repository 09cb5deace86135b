// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/encoding/base64.hpp"
#include "engines/llama/wire.hpp"
#include "engines/llama/wire_schema.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::Message;
using inference::Part;
using inference::Role;
using inference::TextRequest;
using inference::Thinking;
using json = nlohmann::ordered_json;  // what is passed on keeps its order

/// Bytes that are no UTF-8 become replacement characters: JSON has no place for them.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view media_type_of(std::string_view picture) {
  if (picture.starts_with("\xFF\xD8")) return "image/jpeg";
  if (picture.starts_with("RIFF")) return "image/webp";
  return "image/png";
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
  }
  return "user";
}

/// "wav" or "mp3": as the server wants to have them told apart.
std::string_view format_of(std::string_view sound) {
  return sound.starts_with("RIFF") ? "wav" : "mp3";
}

json part_of(const Part& part) {
  switch (part.kind) {
    case Part::Kind::kText:
      return {{"type", "text"}, {"text", part.data}};
    case Part::Kind::kImage:
      return {{"type", "image_url"},
              {"image_url",
               {{"url", "data:" + std::string(media_type_of(part.data)) + ";base64," +
                            to_base64(part.data)}}}};
    case Part::Kind::kAudio:
      return {{"type", "input_audio"},
              {"input_audio", {{"data", to_base64(part.data)}, {"format", format_of(part.data)}}}};
  }
  return nullptr;
}

/// Templates know a text better than a list of parts.
json content_of(const Message& message) {
  const bool is_text = std::all_of(message.parts.begin(), message.parts.end(),
                                   [](const auto& part) { return part.kind == Part::Kind::kText; });
  if (is_text) return inference::text_of(message);
  json parts = json::array();
  for (const Part& part : message.parts) parts.push_back(part_of(part));
  return parts;
}

json message_of(const Message& message) {
  const bool is_ours = message.role_name.empty();
  json result = {{"role", is_ours ? name_of(message.role) : std::string_view(message.role_name)},
                 {"content", content_of(message)}};
  if (!message.thinking.empty()) result["reasoning_content"] = message.thinking;
  if (!message.tool_name.empty()) result["name"] = message.tool_name;
  if (!message.tool_call_id.empty()) result["tool_call_id"] = message.tool_call_id;
  for (const inference::ToolCall& call : message.tool_calls) {
    result["tool_calls"].push_back(
        {{"id", call.id},
         {"type", "function"},
         {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  }
  return result;
}

json tool_of(const inference::ToolSpec& tool) {
  json parameters = json::parse(tool.parameters.empty() ? "{}" : tool.parameters, nullptr, false);
  if (!parameters.is_object()) {
    throw Error(ErrorCode::kBadRequest,
                "the parameters of the tool " + tool.name + " are not a JSON object");
  }
  return {{"type", "function"},
          {"function",
           {{"name", tool.name},
            {"description", tool.description},
            {"parameters", std::move(parameters)}}}};
}

/// Templates differ in what they look at; those that know neither name ignore both.
json template_arguments(Thinking thinking) {
  switch (thinking) {
    case Thinking::kModelDefault:
      return nullptr;
    case Thinking::kOff:
      return {{"enable_thinking", false}};
    case Thinking::kOn:
      return {{"enable_thinking", true}};
    case Thinking::kLow:
      return {{"enable_thinking", true}, {"reasoning_effort", "low"}};
    case Thinking::kMedium:
      return {{"enable_thinking", true}, {"reasoning_effort", "medium"}};
    case Thinking::kHigh:
      return {{"enable_thinking", true}, {"reasoning_effort", "high"}};
    case Thinking::kMax:
      return {{"enable_thinking", true}, {"reasoning_effort", "max"}};
  }
  return nullptr;
}

/// The server ignores a choice by name: it gets that tool alone, and has to call it.
void add_tools(json& body, const inference::ChatPrompt& prompt) {
  using Mode = inference::ToolChoice::Mode;
  const auto& choice = prompt.tool_choice;
  for (const inference::ToolSpec& tool : prompt.tools) {
    if (choice.mode == Mode::kNamed && tool.name != choice.name) continue;
    body["tools"].push_back(tool_of(tool));
  }
  if (!body.contains("tools")) return;
  check_tools(body["tools"]);
  if (choice.mode == Mode::kNone) body["tool_choice"] = "none";
  if (choice.mode == Mode::kRequired || choice.mode == Mode::kNamed) {
    body["tool_choice"] = "required";
  }
  body["parallel_tool_calls"] = prompt.parallel_tool_calls && choice.mode != Mode::kNamed;
}

json conversation_of(const inference::ChatPrompt& prompt, Thinking thinking) {
  json body = {{"messages", json::array()}};
  for (const Message& message : prompt.messages) body["messages"].push_back(message_of(message));
  add_tools(body, prompt);
  json arguments = template_arguments(thinking);
  if (!arguments.is_null()) body["chat_template_kwargs"] = std::move(arguments);
  return body;
}

template <typename T>
void set_if(json& body, const char* name, const std::optional<T>& value) {
  if (value) body[name] = *value;
}

void add_sampling(json& body, const inference::Sampling& sampling, const ServerFacts& facts) {
  set_if(body, "temperature", sampling.temperature);
  set_if(body, "top_p", sampling.top_p);
  set_if(body, "min_p", sampling.min_p);
  set_if(body, "typical_p", sampling.typical_p);
  set_if(body, "repeat_penalty", sampling.repeat_penalty);
  set_if(body, "presence_penalty", sampling.presence_penalty);
  set_if(body, "frequency_penalty", sampling.frequency_penalty);
  if (sampling.top_k) body["top_k"] = std::max(*sampling.top_k, 0);
  if (sampling.repeat_last_n) {
    const int tokens = *sampling.repeat_last_n;
    body["repeat_last_n"] = tokens < 0 ? facts.context_length : tokens;
  }
  if (sampling.seed) {
    const std::int64_t seed = *sampling.seed;
    body["seed"] = seed < 0 ? -1 : static_cast<std::int64_t>(static_cast<std::uint32_t>(seed));
  }
  for (const auto& [token, bias] : sampling.logit_bias) {
    constexpr double kNever = -100;
    body["logit_bias"].push_back({token, bias <= kNever ? json(false) : json(bias)});
  }
}

/// What both dialects call by the same name.
void add_common(json& body, const TextRequest& request, const ServerFacts& facts) {
  body["stream"] = true;
  body["return_progress"] = true;  // so that a long prompt is not taken for a hang
  body["cache_prompt"] = true;
  body["n_keep"] = std::max(request.keep_tokens, 0);
  add_sampling(body, request.sampling, facts);
}

/// Special tokens are not shown unless they are asked for.
void add_visible(json& body, const inference::RawPrompt& prompt) {
  if (!prompt.visible.empty()) body["preserved_tokens"] = prompt.visible;
}

/// The server's own marks where the text has ours.
std::string with_markers(const inference::RawPrompt& prompt, const std::string& marker) {
  constexpr auto kMark = inference::kPictureMark;
  std::string out;
  if (prompt.text.find(kMark) == std::string::npos) {
    for (std::size_t i = 0; i < prompt.images.size(); ++i) out += marker;
  }
  std::string_view rest = prompt.text;
  for (auto at = rest.find(kMark); at != std::string_view::npos; at = rest.find(kMark)) {
    out.append(rest.substr(0, at)).append(marker);
    rest.remove_prefix(at + kMark.size());
  }
  return out.append(rest);
}

void finish_completion(json& body, const TextRequest& request, int max_tokens,
                       const ServerFacts& facts) {
  add_common(body, request, facts);
  for (const std::string& stop : request.stop) {
    if (!stop.empty()) body["stop"].push_back(stop);
  }
  body["n_predict"] = max_tokens;
  body["return_tokens"] = true;
  if (request.want_logprobs) body["n_probs"] = std::max(request.top_logprobs, 1);
  if (request.schema) body["json_schema"] = parse_schema(*request.schema);
}

}  // namespace

std::string chat_request(const TextRequest& request, const inference::ChatPrompt& prompt,
                         int max_tokens, const ServerFacts& facts) {
  json body = conversation_of(prompt, request.thinking);
  add_common(body, request, facts);
  // Who reads it looks for the stop texts, and may leave at any token: each tells how many it were.
  if (!request.stop.empty()) body["timings_per_token"] = true;
  body["max_tokens"] = max_tokens;
  if (request.thinking_tokens >= 0) body["thinking_budget_tokens"] = request.thinking_tokens;
  if (request.want_logprobs) {
    body["logprobs"] = true;
    body["top_logprobs"] = std::max(request.top_logprobs, 1);  // without one there are none at all
  }
  if (request.schema) {
    json schema = parse_schema(*request.schema);
    if (schema.empty()) {
      body["response_format"] = {{"type", "json_object"}};
    } else {
      body["json_schema"] = std::move(schema);
    }
  }
  return text_of(body);
}

std::string completion_request(const TextRequest& request,
                               const std::vector<inference::TokenId>& prompt, int max_tokens,
                               const ServerFacts& facts) {
  json body = {{"prompt", prompt}};
  if (const auto* raw = std::get_if<inference::RawPrompt>(&request.prompt)) add_visible(body, *raw);
  finish_completion(body, request, max_tokens, facts);
  return text_of(body);
}

std::string picture_request(const TextRequest& request, const inference::RawPrompt& prompt,
                            int max_tokens, const ServerFacts& facts) {
  json pictures = json::array();
  for (const std::string& picture : prompt.images) pictures.push_back(to_base64(picture));
  json body;
  body["prompt"] = {{"prompt_string", with_markers(prompt, facts.media_marker)},
                    {"multimodal_data", pictures}};
  add_visible(body, prompt);
  finish_completion(body, request, max_tokens, facts);
  return text_of(body);
}

std::string infill_request(const TextRequest& request, const inference::InfillPrompt& prompt,
                           int max_tokens, const ServerFacts& facts) {
  json body = {{"input_prefix", prompt.prefix}, {"input_suffix", prompt.suffix}};
  finish_completion(body, request, max_tokens, facts);
  return text_of(body);
}

std::string template_request(const inference::ChatPrompt& prompt, Thinking thinking) {
  return text_of(conversation_of(prompt, thinking));
}

std::string embedding_request(const std::vector<std::string>& inputs) {
  return text_of({{"input", inputs}, {"embd_normalize", -1}});
}

std::string rank_request(const std::string& query, const std::vector<std::string>& documents) {
  return text_of({{"query", query}, {"documents", documents}});
}

std::string tokenize_request(const std::string& text, Bos bos) {
  return text_of(
      {{"content", text}, {"add_special", bos == Bos::kAsModelLikes}, {"parse_special", true}});
}

std::string detokenize_request(const std::vector<inference::TokenId>& tokens) {
  return text_of({{"tokens", tokens}});
}

}  // namespace hailstone::engines::llama
