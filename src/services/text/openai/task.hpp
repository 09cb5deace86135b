// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What clients of OpenAI's API ask besides what every dialect asks.

#include <string>
#include <variant>
#include <vector>

#include "services/text/chat/task.hpp"
#include "services/text/embed/task.hpp"

namespace hailstone::openai {

enum class Usage { kLeaveOut, kInclude };

/// POST /v1/chat/completions
struct ChatCall {
  chat::ChatTask task;
  int choices = 1;
  Usage usage = Usage::kLeaveOut;  ///< of a stream; a whole reply always has it
};

using TokenList = std::vector<inference::TokenId>;

/// POST /v1/completions
struct CompletionCall {
  chat::GenerateTask task;  ///< without its prompt
  std::vector<std::variant<std::string, TokenList>> prompts;
  int choices = 1;  ///< of each prompt
  bool echo = false;
  Usage usage = Usage::kLeaveOut;
};

enum class VectorForm { kFloats, kBase64 };

/// POST /v1/embeddings
struct EmbeddingsCall {
  embed::Task task;
  VectorForm form = VectorForm::kFloats;
};

/// What the pieces of one reply have in common.
struct ReplyHead {
  std::string id;
  std::string model;         ///< as the client wrote it
  std::int64_t created = 0;  ///< seconds since 1970
};

}  // namespace hailstone::openai
