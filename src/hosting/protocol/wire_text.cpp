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
constexpr std::array<std::string_view, 2> kScales = {"logit", "probability"};

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
  return list_at<std::string>(json, "images", [&](const Json& size) {
    return payload.take_string(as_integer<std::uint64_t>(size));
  });
}

/// {"text": "..."}, {"image": bytes} or {"audio": bytes}
Json json_of(const Part& part, Body& body) {
  if (part.kind == Part::Kind::kText) return {{"text", part.data}};
  return {{name_in(kParts, part.kind), add_bytes(part.data, body)}};
}

Part part_from(const Json& json, PayloadReader& payload) {
  if (json.contains("text")) return {Part::Kind::kText, text_at(json, "text")};
  const bool is_image = json.contains("image");
  const char* const name = is_image ? "image" : "audio";
  return {is_image ? Part::Kind::kImage : Part::Kind::kAudio,
          payload.take_string(integer_at<std::uint64_t>(json, name))};
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
  return {integer_at<int>(json, "index"), text_or(json, "id"), text_or(json, "name"),
          text_at(json, "arguments")};
}

Json json_of(const Message& message, Body& body) {
  Json parts = Json::array();
  for (const auto& part : message.parts) parts.push_back(json_of(part, body));
  return {
      {"role", name_in(kRoles, message.role)}, {"parts", std::move(parts)},
      {"thinking", message.thinking},          {"tool_calls", calls_to_json(message.tool_calls)},
      {"tool_name", message.tool_name},        {"tool_call_id", message.tool_call_id},
      {"role_name", message.role_name}};
}

Message message_from(const Json& json, PayloadReader& payload) {
  return {word_at<inference::Role>(json, "role", kRoles),
          list_at<Part>(json, "parts", [&](const Json& part) { return part_from(part, payload); }),
          text_at(json, "thinking"),
          list_at<ToolCall>(json, "tool_calls", tool_call_from),
          text_at(json, "tool_name"),
          text_at(json, "tool_call_id"),
          text_or(json, "role_name")};
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
  return {list_at<Message>(json, "messages",
                           [&](const Json& message) { return message_from(message, payload); }),
          list_at<inference::ToolSpec>(json, "tools",
                                       [](const Json& tool) {
                                         return inference::ToolSpec{text_at(tool, "name"),
                                                                    text_at(tool, "description"),
                                                                    text_at(tool, "parameters")};
                                       }),
          ToolChoice{word_at<ToolChoice::Mode>(json, "tool_choice", kToolChoices),
                     text_or(json, "tool")},
          flag_at(json, "parallel_tool_calls")};
}

std::vector<inference::TokenId> tokens_at(const Json& json, const char* name) {
  return list_at<inference::TokenId>(json, name, as_integer<inference::TokenId>);
}

void add_prompt(const inference::Prompt& prompt, Json& json, Body& body) {
  if (const auto* chat = std::get_if<ChatPrompt>(&prompt)) {
    json["chat"] = json_of(*chat, body);
  } else if (const auto* infill = std::get_if<InfillPrompt>(&prompt)) {
    json["infill"] = {{"prefix", infill->prefix}, {"suffix", infill->suffix}};
  } else {
    const auto& raw = std::get<RawPrompt>(prompt);
    json["raw"] = {{"prefix", raw.prefix},
                   {"text", raw.text},
                   {"images", add_images(raw.images, body)},
                   {"visible", raw.visible}};
  }
}

inference::Prompt any_prompt_from(const Json& json, PayloadReader& payload) {
  if (const Json* chat = find_field(json, "chat")) return prompt_from(*chat, payload);
  if (const Json* infill = find_field(json, "infill")) {
    return InfillPrompt{text_at(*infill, "prefix"), text_at(*infill, "suffix")};
  }
  const Json& raw = field_at(json, "raw");
  return RawPrompt{tokens_at(raw, "prefix"), text_at(raw, "text"), images_from(raw, payload),
                   list_or_none<std::string>(raw, "visible", as_text)};
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
  setting = number_of(json, "");
}
void read_setting(const Json& json, std::optional<int>& setting) {
  setting = as_integer<int>(json);
}
void read_setting(const Json& json, std::optional<std::int64_t>& setting) {
  setting = as_integer<std::int64_t>(json);
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
    if (const Json* value = find_field(json, name)) {
      part_of(*value, name, [&](const Json& number) { read_setting(number, setting); });
    }
  });
  using Bias = std::pair<inference::TokenId, double>;
  sampling.logit_bias = list_or_none<Bias>(json, "logit_bias", [](const Json& entry) {
    return Bias(as_integer<inference::TokenId>(entry.at(0)), number_of(entry.at(1), ""));
  });
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
  TokenLogprob logprob{text_at(json, "token"), number_at(json, "logprob")};
  logprob.id = integer_or<inference::TokenId>(json, "id", logprob.id);
  if (!json.contains("bytes")) {
    logprob.bytes = logprob.token;
    return logprob;
  }
  for (const char byte : list_at<char>(json, "bytes", [](const Json& number) {
         return static_cast<char>(integer_of(number, "", 0, 255));
       })) {
    logprob.bytes += byte;
  }
  return logprob;
}

TokenLogprob logprob_from(const Json& json) {
  TokenLogprob logprob = one_logprob_from(json);
  logprob.top = list_at<TokenLogprob>(json, "top", one_logprob_from);
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
  request.sampling = part_at(json, "sampling", sampling_from);
  request.stop = list_at<std::string>(json, "stop", as_text);
  request.max_tokens = integer_at<int>(json, "max_tokens");
  request.keep_tokens = integer_at<int>(json, "keep_tokens");
  request.shift_context = flag_at(json, "shift_context");
  request.thinking = word_at<inference::Thinking>(json, "thinking", kThinking);
  request.thinking_tokens = integer_at<int>(json, "thinking_tokens");
  if (json.contains("schema")) request.schema = text_at(json, "schema");
  request.want_logprobs = flag_at(json, "want_logprobs");
  request.top_logprobs = integer_at<int>(json, "top_logprobs");
  return request;
}

Body encode_embed(CallHead head, const std::vector<std::string>& inputs) {
  Json json = head_of(head, "embed");
  json["inputs"] = inputs;
  return {dump_strict(json), {}};
}

Embed embed_from(const Json& json) {
  return {list_at<std::string>(json, "inputs", as_text)};
}

Body encode_rank(CallHead head, const std::string& query,
                 const std::vector<std::string>& documents) {
  Json json = head_of(head, "rank");
  json["query"] = query;
  json["documents"] = documents;
  return {dump_strict(json), {}};
}

Rank rank_from(const Json& json) {
  return {text_at(json, "query"), list_at<std::string>(json, "documents", as_text)};
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
  return {tokens_at(json, "tokens")};
}

Body encode_apply_template(CallHead head, const ChatPrompt& prompt) {
  Body body;
  Json json = head_of(head, "apply_template");
  json["chat"] = json_of(prompt, body);
  body.json = dump_strict(json);
  return body;
}

ChatPrompt chat_prompt_from(const Json& json, PayloadReader& payload) {
  return prompt_from(field_at(json, "chat"), payload);
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
    chunk.text = text_or(json, "text");
    chunk.thinking = text_or(json, "thinking");
    chunk.tool_calls = list_or_none<ToolCallPiece>(json, "tool_calls", piece_from);
    chunk.logprobs = list_or_none<TokenLogprob>(json, "logprobs", logprob_from);
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
    result.finish = word_at<inference::FinishReason>(json, "finish", kFinish);
    result.prompt_tokens = integer_at<int>(json, "prompt_tokens");
    result.cached_prompt_tokens = integer_at<int>(json, "cached_prompt_tokens");
    result.generated_tokens = integer_at<int>(json, "generated_tokens");
    result.thinking_tokens = integer_or(json, "thinking_tokens", 0);
    if (json.contains("stop_text")) result.stop_text = text_at(json, "stop_text");
    result.prompt_time = std::chrono::nanoseconds(integer_at<std::int64_t>(json, "prompt_ns"));
    result.generate_time = std::chrono::nanoseconds(integer_at<std::int64_t>(json, "generate_ns"));
    result.tokens = tokens_at(json, "tokens");
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
        list_at<std::vector<float>>(json, "dimensions",
                                    [&](const Json& dimensions) {
                                      return payload.take_floats(
                                          as_integer<std::uint64_t>(dimensions));
                                    }),
        integer_at<int>(json, "prompt_tokens")};
  });
}

Body encode_ranking(const inference::Ranking& ranking) {
  return {Json{{"scores", ranking.scores},
               {"scale", name_in(kScales, ranking.scale)},
               {"prompt_tokens", ranking.prompt_tokens}}
              .dump(),
          {}};
}

inference::Ranking parse_ranking(const Frame& frame) {
  return reading([&] {
    const Json json = parse_json(frame);
    inference::Ranking ranking;
    ranking.scores = list_at<double>(json, "scores", as_number);
    ranking.scale = word_at<inference::Ranking::Scale>(json, "scale", kScales);
    ranking.prompt_tokens = integer_at<int>(json, "prompt_tokens");
    return ranking;
  });
}

Body encode_tokens(const std::vector<inference::TokenId>& tokens) {
  return {Json{{"tokens", tokens}}.dump(), {}};
}

std::vector<inference::TokenId> parse_tokens(const Frame& frame) {
  return reading([&] { return tokens_at(parse_json(frame), "tokens"); });
}

Body encode_text(const std::string& text) {
  return {{}, {bytes_of(text)}};
}

std::string parse_text(const Frame& frame) {
  PayloadReader payload(frame);
  return payload.take_string(payload.size());
}

}  // namespace hailstone::hosting
