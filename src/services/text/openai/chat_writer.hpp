// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts the choices of a conversation's reply on the wire, one after the other: streamed as they are
// written, or whole at the end.

#include <vector>

#include "http/message.hpp"
#include "http/sse.hpp"
#include "services/text/openai/task.hpp"
#include "services/text/openai/wire_chat_reply.hpp"

namespace hailstone::openai {

/// Owned by the handler's thread. begin() and piece() of a choice, then end_choice(); in the end
/// finish().
class ChatWriter final : public chat::ReplySink {
 public:
  ChatWriter(http::Reply& reply, const ChatCall& call, ReplyHead head);

  void begin(const chat::Started& started) override;
  void piece(inference::TextChunk&& chunk) override;
  void end_choice(const chat::Summary& summary);
  void finish();

 private:
  void send(Place place, const inference::TextChunk& chunk);
  void keep(inference::TextChunk&& chunk);

  http::Reply& reply_;
  const ChatCall& call_;
  const ReplyHead head_;
  http::SseWriter events_;
  int choice_ = 0;
  bool has_begun_ = false;  ///< the current choice, as the next
  bool has_calls_ = false;
  inference::ToolCallJoiner joiner_;
  WholeChoice whole_;
  std::vector<WholeChoice> choices_;
  chat::Summary sum_;
};

}  // namespace hailstone::openai
