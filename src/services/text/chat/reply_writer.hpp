// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts a reply on the wire in Ollama's shape: line by line as it is written, or whole at the end.

#include <cstddef>
#include <vector>

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/ndjson.hpp"
#include "services/text/chat/task.hpp"
#include "services/text/chat/wire_ollama.hpp"

namespace hailstone::chat {

enum class Delivery { kStreamed, kWhole };

/// Owned by the handler's thread.
class ReplyWriter final : public ReplySink {
 public:
  ReplyWriter(http::Reply& reply, ReplyHead head, Delivery delivery,
              const Clock& clock = system_clock());

  void begin(const Started& started) override;
  void piece(inference::TextChunk&& chunk) override;
  /// The last object. A task that only loaded or unloaded gets it as plain JSON, streamed or not.
  void finish(const Summary& summary);

 private:
  void add_calls(std::vector<inference::ToolCall> calls);
  void write_line(const ReplyPiece& piece, const Summary* summary);

  http::Reply& reply_;
  ReplyHead head_;
  Delivery delivery_;
  const Clock& clock_;
  http::NdjsonWriter lines_;
  inference::ToolCallJoiner joiner_;
  ReplyPiece whole_;       ///< of a reply that is not streamed
  std::size_t calls_ = 0;  ///< tool calls written so far
};

}  // namespace hailstone::chat
