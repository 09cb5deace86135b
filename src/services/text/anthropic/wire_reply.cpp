// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/anthropic/wire_reply.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/json_fields.hpp"
#include "services/text/dialect/wire_request.hpp"

namespace hailstone::anthropic {
namespace {

using http::Json;

std::string_view stop_reason(const chat::Summary& summary, Calls calls) noexcept {
  if (summary.ending == chat::Ending::kLength) return "max_tokens";
  if (calls == Calls::kSome) return "tool_use";
  return summary.stop_text ? "stop_sequence" : "end_turn";
}

Json stop_sequence(const chat::Summary& summary) {
  return summary.stop_text ? Json(*summary.stop_text) : Json(nullptr);
}

/// input_tokens are those that had to be read anew.
Json write_usage(const chat::Summary& summary) {
  return {{"input_tokens", summary.prompt_tokens - summary.cached_prompt_tokens},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", summary.cached_prompt_tokens},
          {"output_tokens", summary.generated_tokens}};
}

Json write_head(const ReplyHead& head) {
  return {{"id", head.id}, {"type", "message"}, {"role", "assistant"}, {"model", head.model}};
}

Json write_block(const Block& block) {
  switch (block.kind) {
    case Block::Kind::kText:
      return {{"type", "text"}, {"text", block.text}};
    case Block::Kind::kThinking:
      return {{"type", "thinking"}, {"thinking", block.text}, {"signature", ""}};
    case Block::Kind::kToolUse:
      break;
  }
  Json input = Json::parse(block.text.empty() ? "{}" : block.text, nullptr, false);
  if (!input.is_object()) {
    throw Error(ErrorCode::kEngineFailed,
                "the model called the tool '" + block.name + "' with arguments that are no JSON");
  }
  return {
      {"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", std::move(input)}};
}

}  // namespace

std::string write_message(const ReplyHead& head, const std::vector<Block>& blocks,
                          const chat::Summary& summary) {
  Json content = Json::array();
  for (const auto& block : blocks) content.push_back(write_block(block));
  const bool has_calls = std::any_of(blocks.begin(), blocks.end(), [](const auto& block) {
    return block.kind == Block::Kind::kToolUse;
  });
  Json out = write_head(head);
  out["content"] = std::move(content);
  out["stop_reason"] = stop_reason(summary, has_calls ? Calls::kSome : Calls::kNone);
  out["stop_sequence"] = stop_sequence(summary);
  out["usage"] = write_usage(summary);
  dialect::add_truncated(out, summary);
  return http::to_text(out);
}

std::string write_message_start(const ReplyHead& head) {
  Json message = write_head(head);
  message["content"] = Json::array();
  message["stop_reason"] = nullptr;
  message["stop_sequence"] = nullptr;
  message["usage"] = write_usage({});  // known in the end: message_delta tells
  return http::to_text({{"type", "message_start"}, {"message", std::move(message)}});
}

std::string write_block_start(int index, const Block& block) {
  return http::to_text(
      {{"type", "content_block_start"}, {"index", index}, {"content_block", write_block(block)}});
}

std::string write_block_delta(int index, Block::Kind kind, std::string_view text) {
  const auto [type, name] = kind == Block::Kind::kText ? std::pair("text_delta", "text")
                            : kind == Block::Kind::kThinking
                                ? std::pair("thinking_delta", "thinking")
                                : std::pair("input_json_delta", "partial_json");
  return http::to_text({{"type", "content_block_delta"},
                        {"index", index},
                        {"delta", {{"type", type}, {name, text}}}});
}

std::string write_signature_delta(int index) {
  return http::to_text({{"type", "content_block_delta"},
                        {"index", index},
                        {"delta", {{"type", "signature_delta"}, {"signature", ""}}}});
}

std::string write_block_stop(int index) {
  return http::to_text({{"type", "content_block_stop"}, {"index", index}});
}

std::string write_message_delta(const chat::Summary& summary, Calls calls) {
  Json event{
      {"type", "message_delta"},
      {"delta",
       {{"stop_reason", stop_reason(summary, calls)}, {"stop_sequence", stop_sequence(summary)}}},
      {"usage", write_usage(summary)}};
  dialect::add_truncated(event, summary);
  return http::to_text(event);
}

std::string write_count(int tokens) {
  return http::to_text({{"input_tokens", tokens}});
}

}  // namespace hailstone::anthropic
