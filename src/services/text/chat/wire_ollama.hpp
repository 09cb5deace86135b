// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ollama's JSON for chat and generate. Pure; the field names are here and nowhere else.

#include <string>
#include <string_view>

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

/// One object of a reply, without a line break. summary: only with the last one. first_call: how
/// many tool calls the reply has had before. Throws Error(kEngineFailed) for a tool call whose
/// arguments are no JSON object.
std::string write_reply(const ReplyHead& head, WallTime created, const inference::TextChunk& chunk,
                        const Summary* summary, std::size_t first_call = 0);

}  // namespace hailstone::chat
