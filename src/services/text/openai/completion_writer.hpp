// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts the choices of a completion on the wire, as chat_writer does with those of a conversation.

#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/sse.hpp"
#include "services/text/openai/task.hpp"
#include "services/text/openai/wire_chat_reply.hpp"

namespace hailstone::openai {

/// Owned by the handler's thread.
class CompletionWriter final : public chat::ReplySink {
 public:
  CompletionWriter(http::Reply& reply, const CompletionCall& call, ReplyHead head);

  /// echo: what the reply begins with.
  void begin_choice(std::string echo);
  void begin(const chat::Started& started) override;
  void piece(inference::TextChunk&& chunk) override;
  void end_choice(const chat::Summary& summary);
  /// sum: of everything.
  void finish(const chat::Summary& sum);

 private:
  void take(CompletionPiece piece);

  http::Reply& reply_;
  const CompletionCall& call_;
  const ReplyHead head_;
  http::SseWriter events_;
  int choice_ = -1;
  std::string echo_;
  std::size_t offset_ = 0;
  std::vector<CompletionPiece> whole_;
};

}  // namespace hailstone::openai
