// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ollama's JSON for chat and generate. Pure; the field names are here and nowhere else.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::chat {

/// Both throw Error(kBadRequest) naming the field.
ChatTask parse_chat(std::string_view body);
GenerateTask parse_generate(std::string_view body);

enum class Shape { kChat, kGenerate };

/// What the objects of one reply have in common.
struct ReplyHead {
  Shape shape = Shape::kChat;
  std::string model;  ///< as the client wrote it
};

/// What one object of a reply tells. Calls of tools come whole.
struct ReplyPiece {
  std::string text;
  std::string thinking;
  std::vector<inference::ToolCall> calls;
  std::size_t first_call = 0;  ///< how many calls the reply has had before
  std::vector<inference::TokenLogprob> logprobs;
};

/// One object of a reply, without a line break. summary: only with the last one. Throws
/// Error(kEngineFailed) for a tool call whose arguments are no JSON object.
std::string write_reply(const ReplyHead& head, WallTime created, const ReplyPiece& piece,
                        const Summary* summary);

}  // namespace hailstone::chat
