// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/ids.hpp"
#include "engines/llama/wire.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::FinishReason;
using inference::TextChunk;
using inference::TokenId;
using inference::TokenLogprob;
using nlohmann::json;

[[noreturn]] void fail() {
  throw Error(ErrorCode::kEngineFailed, "the llama engine's reply is not understood");
}

json parse(std::string_view body) {
  json value = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) fail();
  return value;
}

/// Null where it is missing.
const json& at(const json& object, const char* name) {
  static const json null;
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

std::string text_at(const json& object, const char* name) {
  const json& value = at(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

double number_at(const json& object, const char* name) {
  const json& value = at(object, name);
  return value.is_number() ? value.get<double>() : 0;
}

int int_at(const json& object, const char* name) {
  const double value = number_at(object, name);
  return value >= 0 && value < 2e9 ? static_cast<int>(value) : 0;
}

std::chrono::nanoseconds milliseconds_at(const json& object, const char* name) {
  const double value = number_at(object, name);
  return std::chrono::nanoseconds(value > 0 && value < 1e12 ? std::llround(value * 1e6) : 0);
}

const json& first_of(const json& list) {
  static const json null;
  return list.is_array() && !list.empty() ? list.front() : null;
}

TokenLogprob logprob_of(const json& entry) {
  TokenLogprob logprob{text_at(entry, "token"), number_at(entry, "logprob")};
  const json& bytes = at(entry, "bytes");
  for (const json& byte : bytes)
    logprob.bytes += static_cast<char>(byte.is_number() ? byte.get<int>() : 0);
  if (!bytes.is_array()) logprob.bytes = logprob.token;
  if (const json& id = at(entry, "id"); id.is_number_integer()) logprob.id = id.get<TokenId>();
  return logprob;
}

void read_logprobs(const json& entries, TextChunk& chunk) {
  if (!entries.is_array()) return;
  for (const json& entry : entries) {
    TokenLogprob& logprob = chunk.logprobs.emplace_back(logprob_of(entry));
    for (const json& top : at(entry, "top_logprobs")) logprob.top.push_back(logprob_of(top));
  }
}

std::vector<inference::TokenId> tokens_of(const json& list) {
  if (!list.is_array()) fail();
  std::vector<inference::TokenId> tokens;
  tokens.reserve(list.size());
  for (const json& token : list) {
    if (!token.is_number_integer()) fail();
    tokens.push_back(token.get<inference::TokenId>());
  }
  return tokens;
}

std::vector<float> vector_of(const json& list) {
  if (!list.is_array()) fail();
  std::vector<float> vector;
  vector.reserve(list.size());
  for (const json& value : list) {
    if (!value.is_number()) fail();
    vector.push_back(value.get<float>());
  }
  return vector;
}

/// What stands behind the last mark, up to the line's end; nothing where there is no mark.
std::optional<std::string> find_behind(std::string_view message, std::string_view mark) {
  const auto at = message.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = message.substr(at + mark.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

/// llama-server explains what it was doing before it says what was wrong.
std::string without_preamble(const std::string& message) {
  if (const auto reason = find_behind(message, "JSON schema error at ")) {
    return "the JSON schema cannot be obeyed, at " + *reason;
  }
  if (const auto reason = find_behind(message, "Jinja Exception: ")) {
    return "the chat template refuses this conversation: " + *reason;
  }
  if (const auto reason = find_behind(message, "\nError: ")) {
    return "the chat template failed: " + *reason;
  }
  return message;
}

Error error_of(const json& error) {
  const std::string type = text_at(error, "type");
  const std::string message = text_at(error, "message");
  if (type == "exceed_context_size_error" || message.find("too large to process") != message.npos) {
    const int tokens = int_at(error, "n_prompt_tokens");
    const int context = int_at(error, "n_ctx");
    if (tokens == 0 || context == 0) {
      return Error(ErrorCode::kTooLarge, "the input is longer than the context");
    }
    return Error(ErrorCode::kTooLarge, "the input has " + std::to_string(tokens) +
                                           " tokens, but the context only " +
                                           std::to_string(context));
  }
  if (type == "not_supported_error" || message.starts_with("image input is not supported")) {
    return Error(ErrorCode::kUnsupported, message);
  }
  if (type == "invalid_request_error") {
    return Error(ErrorCode::kBadRequest, without_preamble(message));
  }
  if (type == "unavailable_error") return Error(ErrorCode::kBusy, message);
  return Error(ErrorCode::kEngineFailed,
               "the llama engine failed" + (message.empty() ? message : ": " + message));
}

}  // namespace

struct ReplyReader::Event {
  const json& value;
};

ServerFacts parse_props(std::string_view body) {
  const json value = parse(body);
  ServerFacts facts;
  facts.context_length = int_at(at(value, "default_generation_settings"), "n_ctx");
  facts.slot_length = facts.context_length;
  facts.media_marker = text_at(value, "media_marker");
  if (facts.context_length == 0) fail();
  return facts;
}

std::vector<inference::TokenId> parse_tokens(std::string_view body) {
  return tokens_of(at(parse(body), "tokens"));
}

std::string parse_detokenized(std::string_view body) {
  return text_at(parse(body), "content");
}

std::string parse_prompt(std::string_view body) {
  return text_at(parse(body), "prompt");
}

int parse_token_count(std::string_view body) {
  return int_at(parse(body), "input_tokens");
}

inference::Embeddings parse_embeddings(std::string_view body, std::size_t inputs) {
  const json value = parse(body);
  inference::Embeddings embeddings;
  embeddings.prompt_tokens = int_at(at(value, "usage"), "prompt_tokens");
  embeddings.vectors.resize(inputs);
  for (const json& item : at(value, "data")) {
    const auto index = static_cast<std::size_t>(int_at(item, "index"));
    if (index >= inputs) fail();
    embeddings.vectors[index] = vector_of(at(item, "embedding"));
  }
  for (const auto& vector : embeddings.vectors) {
    if (vector.empty()) fail();
  }
  return embeddings;
}

inference::Ranking parse_ranking(std::string_view body, std::size_t documents) {
  const json value = parse(body);
  inference::Ranking ranking;
  ranking.prompt_tokens = int_at(at(value, "usage"), "prompt_tokens");
  std::vector<std::optional<double>> scores(documents);
  for (const json& item : at(value, "results")) {
    const auto index = static_cast<std::size_t>(int_at(item, "index"));
    const json& score = at(item, "relevance_score");
    if (index >= documents || !score.is_number()) fail();
    scores[index] = score.get<double>();
  }
  for (const auto& score : scores) {
    if (!score) fail();
    ranking.scores.push_back(*score);
  }
  return ranking;
}

Error parse_error(std::string_view body) {
  return error_of(at(json::parse(body, nullptr, /*allow_exceptions=*/false), "error"));
}

TextChunk ReplyReader::read(std::string_view data) {
  TextChunk chunk;
  if (data == "[DONE]") return chunk;
  const json value = parse(data);
  if (const json& error = at(value, "error"); !error.is_null()) throw error_of(error);
  // Of a batch of the prompt; what else the event has, as the token 0, was not generated.
  if (!at(value, "prompt_progress").is_null()) return chunk;
  if (dialect_ == Dialect::kChat) {
    read_chat({value}, chunk);
  } else {
    read_completion({value}, chunk);
  }
  return chunk;
}

void ReplyReader::read_chat(const Event& event, TextChunk& chunk) {
  const json& choice = first_of(at(event.value, "choices"));
  const json& delta = at(choice, "delta");
  chunk.text = text_at(delta, "content");
  chunk.thinking = text_at(delta, "reasoning_content");
  read_logprobs(at(at(choice, "logprobs"), "content"), chunk);
  read_tool_calls({delta}, chunk);
  const std::string finish = text_at(choice, "finish_reason");
  if (!finish.empty()) {
    is_complete_ = true;
    result_.finish = finish == "length" ? FinishReason::kLength : FinishReason::kStop;
  }
  if (!chunk.thinking.empty()) ++result_.thinking_tokens;
  read_timings(event);
}

void ReplyReader::read_tool_calls(const Event& event, TextChunk& chunk) {
  const json& calls = at(event.value, "tool_calls");
  if (!calls.is_array()) return;
  for (const json& call : calls) {
    const json& function = at(call, "function");
    inference::ToolCallPiece piece{int_at(call, "index"), "", text_at(function, "name"),
                                   text_at(function, "arguments")};
    if (piece.index > tool_index_) {
      tool_index_ = piece.index;
      piece.id = text_at(call, "id");
      if (piece.id.empty()) piece.id = make_id("call_");
    }
    chunk.tool_calls.push_back(std::move(piece));
  }
}

void ReplyReader::read_completion(const Event& event, TextChunk& chunk) {
  chunk.text = text_at(event.value, "content");
  read_logprobs(at(event.value, "completion_probabilities"), chunk);
  if (const json& tokens = at(event.value, "tokens"); tokens.is_array()) {
    const auto ids = tokens_of(tokens);
    result_.tokens.insert(result_.tokens.end(), ids.begin(), ids.end());
  }
  if (at(event.value, "stop") == true) {
    is_complete_ = true;
    const std::string reason = text_at(event.value, "stop_type");
    result_.finish = reason == "limit" ? FinishReason::kLength : FinishReason::kStop;
    ended_by_token_ = reason == "eos";
    if (reason == "word") result_.stop_text = text_at(event.value, "stopping_word");
  }
  read_timings(event);
}

void ReplyReader::read_timings(const Event& event) {
  const json& timings = at(event.value, "timings");
  if (!timings.is_object()) return;
  result_.cached_prompt_tokens = int_at(timings, "cache_n");
  result_.prompt_tokens = result_.cached_prompt_tokens + int_at(timings, "prompt_n");
  result_.generated_tokens = int_at(timings, "predicted_n");
  result_.prompt_time = milliseconds_at(timings, "prompt_ms");
  result_.generate_time = milliseconds_at(timings, "predicted_ms");
}

bool ReplyReader::has_all_tokens() const noexcept {
  const std::size_t silent = ended_by_token_ ? 1 : 0;
  return result_.tokens.size() + silent >= static_cast<std::size_t>(result_.generated_tokens);
}

}  // namespace hailstone::engines::llama
