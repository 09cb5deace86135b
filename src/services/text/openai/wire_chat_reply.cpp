// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/wire_chat_reply.hpp"

#include <bit>
#include <nlohmann/json.hpp>
#include <utility>

#include "services/common/base64.hpp"
#include "services/text/dialect/wire_request.hpp"
#include "services/text/openai/wire_common.hpp"

namespace hailstone::openai {
namespace {

using http::Json;
using inference::TokenLogprob;

constexpr const char* kFingerprint = "fp_hailstone";

Json head_of(const ReplyHead& head, const char* object) {
  return {{"id", head.id},
          {"object", object},
          {"created", head.created},
          {"model", head.model},
          {"system_fingerprint", kFingerprint}};
}

Json write_bytes(const std::string& bytes) {
  Json out = Json::array();
  for (const char c : bytes) out.push_back(static_cast<unsigned char>(c));
  return out;
}

Json write_logprob(const TokenLogprob& logprob) {
  return {{"token", logprob.token},
          {"logprob", logprob.logprob},
          {"bytes", write_bytes(logprob.bytes)}};
}

Json write_logprobs(const std::vector<TokenLogprob>& logprobs) {
  if (logprobs.empty()) return nullptr;
  Json content = Json::array();
  for (const auto& logprob : logprobs) {
    content.push_back(write_logprob(logprob));
    Json& top = content.back()["top_logprobs"] = Json::array();
    for (const auto& other : logprob.top) top.push_back(write_logprob(other));
  }
  return {{"content", std::move(content)}, {"refusal", nullptr}};
}

/// There is no standard for what was thought: clients look for either name.
void add_thinking(Json& message, const std::string& thinking) {
  if (thinking.empty()) return;
  message["reasoning_content"] = thinking;
  message["reasoning"] = thinking;
}

Json write_piece(const inference::ToolCallPiece& piece) {
  Json out{{"index", piece.index}};
  if (!piece.id.empty()) {
    out["id"] = piece.id;
    out["type"] = "function";
  }
  Json function = Json::object();
  if (!piece.name.empty()) function["name"] = piece.name;
  function["arguments"] = piece.arguments;
  out["function"] = std::move(function);
  return out;
}

Json write_delta(Place place, const inference::TextChunk& chunk) {
  Json delta = Json::object();
  if (place == Place::kFirst) {
    delta["role"] = "assistant";
    delta["content"] = "";
  }
  if (!chunk.text.empty() || !chunk.logprobs.empty()) delta["content"] = chunk.text;
  add_thinking(delta, chunk.thinking);
  for (const auto& piece : chunk.tool_calls) delta["tool_calls"].push_back(write_piece(piece));
  return delta;
}

std::string write_chunk(const ReplyHead& head, Json choices, Usage usage) {
  Json out = head_of(head, "chat.completion.chunk");
  out["choices"] = std::move(choices);
  if (usage == Usage::kInclude) out["usage"] = nullptr;
  return http::to_text(out);
}

Json write_message(const WholeChoice& choice) {
  Json message{{"role", "assistant"}, {"content", choice.text}, {"refusal", nullptr}};
  if (choice.text.empty() && !choice.calls.empty()) message["content"] = nullptr;
  add_thinking(message, choice.thinking);
  for (const auto& call : choice.calls) {
    message["tool_calls"].push_back(
        {{"id", call.id},
         {"type", "function"},
         {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
  }
  return message;
}

/// The old shape: lists side by side.
Json write_old_logprobs(const CompletionPiece& piece) {
  if (piece.logprobs.empty()) return nullptr;
  Json tokens = Json::array();
  Json values = Json::array();
  Json tops = Json::array();
  Json offsets = Json::array();
  std::size_t offset = piece.offset;
  for (const auto& logprob : piece.logprobs) {
    tokens.push_back(logprob.token);
    values.push_back(logprob.logprob);
    offsets.push_back(offset);
    offset += logprob.token.size();
    Json top = Json::object();
    for (const auto& other : logprob.top) top[other.token] = other.logprob;
    tops.push_back(std::move(top));
  }
  return {{"tokens", std::move(tokens)},
          {"token_logprobs", std::move(values)},
          {"top_logprobs", std::move(tops)},
          {"text_offset", std::move(offsets)}};
}

std::string to_little_endian(const std::vector<float>& vector) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)};
}

}  // namespace

Json write_usage(const chat::Summary& sum) {
  return {{"prompt_tokens", sum.prompt_tokens},
          {"completion_tokens", sum.generated_tokens},
          {"total_tokens", sum.prompt_tokens + sum.generated_tokens},
          {"prompt_tokens_details", {{"cached_tokens", sum.cached_prompt_tokens}}},
          {"completion_tokens_details", {{"reasoning_tokens", sum.thinking_tokens}}}};
}

std::string_view finish_reason_of(const chat::Summary& summary, bool has_calls) noexcept {
  if (summary.ending == chat::Ending::kLength) return "length";
  return has_calls ? "tool_calls" : "stop";
}

std::string write_chat_chunk(const ReplyHead& head, int choice, Place place,
                             const inference::TextChunk& chunk, Usage usage) {
  Json one{{"index", choice},
           {"delta", write_delta(place, chunk)},
           {"logprobs", write_logprobs(chunk.logprobs)},
           {"finish_reason", nullptr}};
  return write_chunk(head, Json::array({std::move(one)}), usage);
}

std::string write_chat_end(const ReplyHead& head, int choice, std::string_view finish_reason,
                           Usage usage) {
  Json one{{"index", choice},
           {"delta", Json::object()},
           {"logprobs", nullptr},
           {"finish_reason", finish_reason}};
  return write_chunk(head, Json::array({std::move(one)}), usage);
}

std::string write_chat_usage(const ReplyHead& head, const chat::Summary& sum) {
  Json out = head_of(head, "chat.completion.chunk");
  out["choices"] = Json::array();
  out["usage"] = write_usage(sum);
  dialect::add_truncated(out, sum);
  return http::to_text(out);
}

std::string write_chat(const ReplyHead& head, const std::vector<WholeChoice>& choices,
                       const chat::Summary& sum) {
  Json out = head_of(head, "chat.completion");
  out["choices"] = Json::array();
  for (const auto& choice : choices) {
    out["choices"].push_back({{"index", out["choices"].size()},
                              {"message", write_message(choice)},
                              {"logprobs", write_logprobs(choice.logprobs)},
                              {"finish_reason", choice.finish_reason}});
  }
  out["usage"] = write_usage(sum);
  dialect::add_truncated(out, sum);
  return http::to_text(out);
}

std::string write_completion(const ReplyHead& head, const std::vector<CompletionPiece>& pieces,
                             const chat::Summary* sum) {
  Json out = head_of(head, "text_completion");
  out["choices"] = Json::array();
  for (const auto& piece : pieces) {
    Json finish = nullptr;
    if (!piece.finish_reason.empty()) finish = piece.finish_reason;
    out["choices"].push_back({{"text", piece.text},
                              {"index", piece.index},
                              {"logprobs", write_old_logprobs(piece)},
                              {"finish_reason", std::move(finish)}});
  }
  if (sum != nullptr) {
    out["usage"] = write_usage(*sum);
    dialect::add_truncated(out, *sum);
  }
  return http::to_text(out);
}

std::string write_embeddings(const std::string& model, const embed::Result& result,
                             VectorForm form) {
  Json data = Json::array();
  for (const auto& vector : result.vectors) {
    Json embedding = form == VectorForm::kBase64
                         ? Json(services::to_base64(to_little_endian(vector)))
                         : Json(vector);
    data.push_back(
        {{"object", "embedding"}, {"index", data.size()}, {"embedding", std::move(embedding)}});
  }
  return http::to_text(
      {{"object", "list"},
       {"data", std::move(data)},
       {"model", model},
       {"usage",
        {{"prompt_tokens", result.prompt_tokens}, {"total_tokens", result.prompt_tokens}}}});
}

}  // namespace hailstone::openai
