// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts a message on the wire: block by block as it is written, or whole at the end.

#include <vector>

#include "http/message.hpp"
#include "http/sse.hpp"
#include "services/text/anthropic/wire_reply.hpp"

namespace hailstone::anthropic {

enum class Delivery { kStreamed, kWhole };

/// Owned by the handler's thread.
class MessageWriter final : public chat::ReplySink {
 public:
  MessageWriter(http::Reply& reply, ReplyHead head, Delivery delivery);

  void begin(const chat::Started& started) override;
  void piece(inference::TextChunk&& chunk) override;
  void finish(const chat::Summary& summary);

 private:
  void start();
  /// text of a block of that kind, which is begun where the last one is of another.
  void add(Block::Kind kind, const std::string& text);
  void begin_block(Block block);
  void end_block();

  http::Reply& reply_;
  const ReplyHead head_;
  const Delivery delivery_;
  http::SseWriter events_;
  bool has_started_ = false;
  bool has_calls_ = false;
  bool is_open_ = false;       ///< the last block
  std::vector<Block> blocks_;  ///< of a stream without their text
};

}  // namespace hailstone::anthropic
