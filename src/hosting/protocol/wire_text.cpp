// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hosting/protocol/wire_parts.hpp"

namespace hailstone::hosting {
namespace {

using inference::ChatPrompt;
using inference::InfillPrompt;
using inference::Message;
using inference::Part;
using inference::RawPrompt;
using inference::Sampling;
using inference::TextRequest;
using inference::TokenLogprob;
using inference::ToolCall;
using inference::ToolCallPiece;
using inference::ToolChoice;

/// In the order of the enumerations.
constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant", "tool"};
constexpr std::array<std::string_view, 3> kParts = {"text", "image", "audio"};
constexpr std::array<std::string_view, 4> kToolChoices = {"auto", "none", "required", "named"};
constexpr std::array<std::string_view, 7> kThinking = {"default", "off",  "on", "low",
                                                       "medium",  "high", "max"};
constexpr std::array<std::string_view, 2> kFinish = {"stop", "length"};

template <typename Enum, std::size_t size>
Enum enum_from(const Json& json, const std::array<std::string_view, size>& names) {
  const auto& name = json.get_ref<const std::string&>();
  for (std::size_t i = 0; i < size; ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  throw Error(ErrorCode::kEngineFailed, "a frame of the engine host has an unknown word", name);
}

template <typename Enum, std::size_t size>
std::string_view name_in(const std::array<std::string_view, size>& names, Enum value) noexcept {
  return names[static_cast<std::size_t>(value)];
}

/// Pictures and sounds go into the payload; the JSON has their sizes.
Json add_bytes(const std::string& data, Body& body) {
  body.parts.push_back(bytes_of(data));
  return data.size();
}

Json add_images(const std::vector<std::string>& images, Body& body) {
  Json sizes = Json::array();
  for (const auto& image : images) sizes.push_back(add_bytes(image, body));
  return sizes;
}

std::vector<std::string> images_from(const Json& json, PayloadReader& payload) {
  return list_of<std::string>(
      json, [&](const Json& size) { return payload.take_string(integer<std::uint64_t>(size)); });
}

/// {"text": "..."}, {"image": bytes} or {"audio": bytes}
Json json_of(const Part& part, Body& body) {
  if (part.kind == Part::Kind::kText) return {{"text", part.data}};
  return {{name_in(kParts, part.kind), add_bytes(part.data, body)}};
}

Part part_from(const Json& json, PayloadReader& payload) {
  if (const auto text = json.find("text"); text != json.end()) {
    return {Part::Kind::kText, text->get<std::string>()};
  }
  const auto image = json.find("image");
  const Part::Kind kind = image != json.end() ? Part::Kind::kImage : Part::Kind::kAudio;
  return {kind, payload.take_string(integer<std::uint64_t>(json.at(name_in(kParts, kind))))};
}

Json json_of(const ToolCall& call) {
  return {{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}};
}

ToolCall tool_call_from(const Json& json) {
  return {text_at(json, "id"), text_at(json, "name"), text_at(json, "arguments")};
}

Json calls_to_json(const std::vector<ToolCall>& calls) {
  Json list = Json::array();
  for (const auto& call : calls) list.push_back(json_of(call));
  return list;
}

Json json_of(const ToolCallPiece& piece) {
  Json json{{"index", piece.index}, {"arguments", piece.arguments}};
  if (!piece.id.empty()) json["id"] = piece.id;
  if (!piece.name.empty()) json["name"] = piece.name;
  return json;
}

ToolCallPiece piece_from(const Json& json) {
  return {integer<int>(json.at("index")), json.value("id", std::string()),
          json.value("name", std::string()), text_at(json, "arguments")};
}

Json json_of(const Message& message, Body& body) {
  Json parts = Json::array();
  for (const auto& part : message.parts) parts.push_back(json_of(part, body));
  return {
      {"role", name_in(kRoles, message.role)}, {"parts", std::move(parts)},
      {"thinking", message.thinking},          {"tool_calls", calls_to_json(message.tool_calls)},
      {"tool_name", message.tool_name},        {"tool_call_id", message.tool_call_id}};
}

Message message_from(const Json& json, PayloadReader& payload) {
  return {
      enum_from<inference::Role>(json.at("role"), kRoles),
      list_of<Part>(json.at("parts"), [&](const Json& part) { return part_from(part, payload); }),
      text_at(json, "thinking"),
      list_of<ToolCall>(json.at("tool_calls"), tool_call_from),
      text_at(json, "tool_name"),
      text_at(json, "tool_call_id")};
}

Json json_of(const ChatPrompt& prompt, Body& body) {
  Json messages = Json::array();
  for (const auto& message : prompt.messages) messages.push_back(json_of(message, body));
  Json tools = Json::array();
  for (const auto& tool : prompt.tools) {
    tools.push_back(
        {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}});
  }
  Json json{{"messages", std::move(messages)},
            {"tools", std::move(tools)},
            {"tool_choice", name_in(kToolChoices, prompt.tool_choice.mode)},
            {"parallel_tool_calls", prompt.parallel_tool_calls}};
  if (!prompt.tool_choice.name.empty()) json["tool"] = prompt.tool_choice.name;
  return json;
}

ChatPrompt prompt_from(const Json& json, PayloadReader& payload) {
  return {list_of<Message>(json.at("messages"),
                           [&](const Json& message) { return message_from(message, payload); }),
          list_of<inference::ToolSpec>(json.at("tools"),
                                       [](const Json& tool) {
                                         return inference::ToolSpec{text_at(tool, "name"),
                                                                    text_at(tool, "description"),
                                                                    text_at(tool, "parameters")};
                                       }),
          ToolChoice{enum_from<ToolChoice::Mode>(json.at("tool_choice"), kToolChoices),
                     json.value("tool", std::string())},
          json.at("parallel_tool_calls").get<bool>()};
}

std::vector<inference::TokenId> tokens_from(const Json& json) {
  return list_of<inference::TokenId>(json, integer<inference::TokenId>);
}

void add_prompt(const inference::Prompt& prompt, Json& json, Body& body) {
  if (const auto* chat = std::get_if<ChatPrompt>(&prompt)) {
    json["chat"] = json_of(*chat, body);
  } else if (const auto* infill = std::get_if<InfillPrompt>(&prompt)) {
    json["infill"] = {{"prefix", infill->prefix}, {"suffix", infill->suffix}};
  } else {
    const auto& raw = std::get<RawPrompt>(prompt);
    json["raw"] = {
        {"prefix", raw.prefix}, {"text", raw.text}, {"images", add_images(raw.images, body)}};
  }
}

inference::Prompt any_prompt_from(const Json& json, PayloadReader& payload) {
  if (const auto chat = json.find("chat"); chat != json.end()) return prompt_from(*chat, payload);
  if (const auto infill = json.find("infill"); infill != json.end()) {
    return InfillPrompt{text_at(*infill, "prefix"), text_at(*infill, "suffix")};
  }
  const Json& raw = json.at("raw");
  return RawPrompt{tokens_from(raw.at("prefix")), text_at(raw, "text"),
                   images_from(raw.at("images"), payload)};
}

/// One row per setting: what is not set is left out.
template <typename SamplingType, typename Visit>
void for_each_setting(SamplingType& sampling, Visit&& visit) {
  visit("temperature", sampling.temperature);
  visit("top_k", sampling.top_k);
  visit("top_p", sampling.top_p);
  visit("min_p", sampling.min_p);
  visit("typical_p", sampling.typical_p);
  visit("seed", sampling.seed);
  visit("repeat_last_n", sampling.repeat_last_n);
  visit("repeat_penalty", sampling.repeat_penalty);
  visit("presence_penalty", sampling.presence_penalty);
  visit("frequency_penalty", sampling.frequency_penalty);
}

void read_setting(const Json& json, std::optional<double>& setting) {
  setting = json.get<double>();
}
void read_setting(const Json& json, std::optional<int>& setting) {
  setting = integer<int>(json);
}
void read_setting(const Json& json, std::optional<std::int64_t>& setting) {
  setting = integer<std::int64_t>(json);
}

Json json_of(const Sampling& sampling) {
  Json json = Json::object();
  for_each_setting(sampling, [&](const char* name, const auto& setting) {
    if (setting) json[name] = *setting;
  });
  for (const auto& [token, bias] : sampling.logit_bias) {
    json["logit_bias"].push_back({token, finite(bias)});
  }
  return json;
}

Sampling sampling_from(const Json& json) {
  Sampling sampling;
  for_each_setting(sampling, [&](const char* name, auto& setting) {
    if (const auto value = json.find(name); value != json.end()) read_setting(*value, setting);
  });
  if (const auto bias = json.find("logit_bias"); bias != json.end()) {
    sampling.logit_bias =
        list_of<std::pair<inference::TokenId, double>>(*bias, [](const Json& entry) {
          return std::pair(integer<inference::TokenId>(entry.at(0)), entry.at(1).get<double>());
        });
  }
  return sampling;
}

/// Bytes only where they are not the token's text.
Json one_logprob(const TokenLogprob& logprob) {
  Json json{{"token", logprob.token}, {"logprob", finite(logprob.logprob)}, {"id", logprob.id}};
  if (logprob.bytes == logprob.token) return json;
  for (const char byte : logprob.bytes) {
    json["bytes"].push_back(static_cast<unsigned char>(byte));
  }
  return json;
}

Json json_of(const TokenLogprob& logprob) {
  Json json = one_logprob(logprob);
  json["top"] = Json::array();
  for (const auto& other : logprob.top) json["top"].push_back(one_logprob(other));
  return json;
}

TokenLogprob one_logprob_from(const Json& json) {
  TokenLogprob logprob{text_at(json, "token"), json.at("logprob").get<double>()};
  if (const auto id = json.find("id"); id != json.end()) {
    logprob.id = integer<inference::TokenId>(*id);
  }
  const auto bytes = json.find("bytes");
  if (bytes == json.end()) {
    logprob.bytes = logprob.token;
    return logprob;
  }
  for (const auto& byte : bytes->get_ref<const Json::array_t&>()) {
    logprob.bytes += static_cast<char>(integer(byte, 0, 255));
  }
  return logprob;
}

TokenLogprob logprob_from(const Json& json) {
  TokenLogprob logprob = one_logprob_from(json);
  logprob.top = list_of<TokenLogprob>(json.at("top"), one_logprob_from);
  return logprob;
}

}  // namespace

Body encode_generate(CallHead head, const TextRequest& request) {
  Body body;
  Json json = head_of(head, "generate");
  add_prompt(request.prompt, json, body);
  json["sampling"] = json_of(request.sampling);
  json["stop"] = request.stop;
  json["max_tokens"] = request.max_tokens;
  json["keep_tokens"] = request.keep_tokens;
  json["shift_context"] = request.shift_context;
  json["thinking"] = name_in(kThinking, request.thinking);
  json["thinking_tokens"] = request.thinking_tokens;
  if (request.schema) json["schema"] = *request.schema;
  json["want_logprobs"] = request.want_logprobs;
  json["top_logprobs"] = request.top_logprobs;
  body.json = dump_strict(json);
  return body;
}

TextRequest text_request_from(const Json& json, PayloadReader& payload) {
  TextRequest request;
  request.prompt = any_prompt_from(json, payload);
  request.sampling = sampling_from(json.at("sampling"));
  request.stop = json.at("stop").get<std::vector<std::string>>();
  request.max_tokens = integer<int>(json.at("max_tokens"));
  request.keep_tokens = integer<int>(json.at("keep_tokens"));
  request.shift_context = json.at("shift_context").get<bool>();
  request.thinking = enum_from<inference::Thinking>(json.at("thinking"), kThinking);
  request.thinking_tokens = integer<int>(json.at("thinking_tokens"));
  if (const auto schema = json.find("schema"); schema != json.end()) {
    request.schema = schema->get<std::string>();
  }
  request.want_logprobs = json.at("want_logprobs").get<bool>();
  request.top_logprobs = integer<int>(json.at("top_logprobs"));
  return request;
}

Body encode_embed(CallHead head, const std::vector<std::string>& inputs) {
  Json json = head_of(head, "embed");
  json["inputs"] = inputs;
  return {dump_strict(json), {}};
}

Embed embed_from(const Json& json) {
  return {json.at("inputs").get<std::vector<std::string>>()};
}

Body encode_tokenize(CallHead head, const std::string& text) {
  return {head_of(head, "tokenize").dump(), {bytes_of(text)}};
}

Body encode_detokenize(CallHead head, const std::vector<inference::TokenId>& tokens) {
  Json json = head_of(head, "detokenize");
  json["tokens"] = tokens;
  return {json.dump(), {}};
}

Detokenize detokenize_from(const Json& json) {
  return {tokens_from(json.at("tokens"))};
}

Body encode_apply_template(CallHead head, const ChatPrompt& prompt) {
  Body body;
  Json json = head_of(head, "apply_template");
  json["chat"] = json_of(prompt, body);
  body.json = dump_strict(json);
  return body;
}

ChatPrompt chat_prompt_from(const Json& json, PayloadReader& payload) {
  return prompt_from(json.at("chat"), payload);
}

Body encode_text_chunk(const inference::TextChunk& chunk) {
  Json json = Json::object();
  if (!chunk.text.empty()) json["text"] = chunk.text;
  if (!chunk.thinking.empty()) json["thinking"] = chunk.thinking;
  for (const auto& piece : chunk.tool_calls) json["tool_calls"].push_back(json_of(piece));
  for (const auto& logprob : chunk.logprobs) json["logprobs"].push_back(json_of(logprob));
  return {dump_repaired(json), {}};
}

inference::TextChunk parse_text_chunk(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    inference::TextChunk chunk;
    chunk.text = json.value("text", std::string());
    chunk.thinking = json.value("thinking", std::string());
    if (const auto calls = json.find("tool_calls"); calls != json.end()) {
      chunk.tool_calls = list_of<ToolCallPiece>(*calls, piece_from);
    }
    if (const auto logprobs = json.find("logprobs"); logprobs != json.end()) {
      chunk.logprobs = list_of<TokenLogprob>(*logprobs, logprob_from);
    }
    return chunk;
  });
}

Body encode_text_result(const inference::TextResult& result) {
  Json json{{"finish", name_in(kFinish, result.finish)},
            {"prompt_tokens", result.prompt_tokens},
            {"cached_prompt_tokens", result.cached_prompt_tokens},
            {"generated_tokens", result.generated_tokens},
            {"thinking_tokens", result.thinking_tokens},
            {"prompt_ns", result.prompt_time.count()},
            {"generate_ns", result.generate_time.count()},
            {"tokens", result.tokens}};
  if (result.stop_text) json["stop_text"] = *result.stop_text;
  return {dump_repaired(json), {}};
}

inference::TextResult parse_text_result(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    inference::TextResult result;
    result.finish = enum_from<inference::FinishReason>(json.at("finish"), kFinish);
    result.prompt_tokens = integer<int>(json.at("prompt_tokens"));
    result.cached_prompt_tokens = integer<int>(json.at("cached_prompt_tokens"));
    result.generated_tokens = integer<int>(json.at("generated_tokens"));
    if (const auto thinking = json.find("thinking_tokens"); thinking != json.end()) {
      result.thinking_tokens = integer<int>(*thinking);
    }
    if (const auto stop = json.find("stop_text"); stop != json.end()) {
      result.stop_text = stop->get<std::string>();
    }
    result.prompt_time = std::chrono::nanoseconds(integer<std::int64_t>(json.at("prompt_ns")));
    result.generate_time = std::chrono::nanoseconds(integer<std::int64_t>(json.at("generate_ns")));
    result.tokens = tokens_from(json.at("tokens"));
    return result;
  });
}

Body encode_embeddings(const inference::Embeddings& embeddings) {
  Body body;
  Json dimensions = Json::array();
  for (const auto& vector : embeddings.vectors) {
    dimensions.push_back(vector.size());
    body.parts.push_back(std::as_bytes(std::span(vector)));
  }
  body.json =
      Json{{"dimensions", std::move(dimensions)}, {"prompt_tokens", embeddings.prompt_tokens}}
          .dump();
  return body;
}

inference::Embeddings parse_embeddings(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    PayloadReader payload(frame);
    return inference::Embeddings{
        list_of<std::vector<float>>(json.at("dimensions"),
                                    [&](const Json& dimensions) {
                                      return payload.take_floats(
                                          integer<std::uint64_t>(dimensions));
                                    }),
        integer<int>(json.at("prompt_tokens"))};
  });
}

Body encode_tokens(const std::vector<inference::TokenId>& tokens) {
  return {Json{{"tokens", tokens}}.dump(), {}};
}

std::vector<inference::TokenId> parse_tokens(const Frame& frame) {
  return reading([&] { return tokens_from(parse_json(frame).at("tokens")); });
}

Body encode_text(const std::string& text) {
  return {{}, {bytes_of(text)}};
}

std::string parse_text(const Frame& frame) {
  PayloadReader payload(frame);
  return payload.take_string(payload.size());
}

}  // namespace hailstone::hosting
