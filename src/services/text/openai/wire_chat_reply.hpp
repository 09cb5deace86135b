// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's JSON of replies in text. Pure.

#include <string>
#include <vector>

#include "services/text/openai/task.hpp"

namespace hailstone::openai {

/// One event of a streamed conversation. The first of a choice tells the role.
enum class Place { kFirst, kLater };
std::string write_chat_chunk(const ReplyHead& head, int choice, Place place,
                             const inference::TextChunk& chunk, Usage usage);
/// The last one of a choice.
std::string write_chat_end(const ReplyHead& head, int choice, std::string_view finish_reason,
                           Usage usage);
/// Behind all choices.
std::string write_chat_usage(const ReplyHead& head, const chat::Summary& sum);

/// What became of a choice that is not streamed.
struct WholeChoice {
  std::string text;
  std::string thinking;
  std::vector<inference::ToolCall> calls;
  std::vector<inference::TokenLogprob> logprobs;
  std::string finish_reason;
};
std::string write_chat(const ReplyHead& head, const std::vector<WholeChoice>& choices,
                       const chat::Summary& sum);

/// "stop", "length" or "tool_calls".
std::string_view finish_reason_of(const chat::Summary& summary, bool has_calls) noexcept;

/// A piece of a completion. offset: characters of the reply before it.
struct CompletionPiece {
  int index = 0;
  std::string text;
  std::vector<inference::TokenLogprob> logprobs;
  std::size_t offset = 0;
  std::string_view finish_reason = {};  ///< empty: not yet
};
std::string write_completion(const ReplyHead& head, const std::vector<CompletionPiece>& pieces,
                             const chat::Summary* sum);

std::string write_embeddings(const std::string& model, const embed::Result& result,
                             VectorForm form);

}  // namespace hailstone::openai
