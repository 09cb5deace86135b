// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/anthropic/message_writer.hpp"

#include <utility>

#include "services/text/chat/reply_headers.hpp"

namespace hailstone::anthropic {

MessageWriter::MessageWriter(http::Reply& reply, ReplyHead head, Delivery delivery)
    : reply_(reply), head_(std::move(head)), delivery_(delivery), events_(reply) {}

void MessageWriter::begin(const chat::Started& started) {
  chat::add_headers(reply_, started);
}

void MessageWriter::piece(inference::TextChunk&& chunk) {
  if (!chunk.thinking.empty()) add(Block::Kind::kThinking, chunk.thinking);
  if (!chunk.text.empty()) add(Block::Kind::kText, chunk.text);
  for (auto& piece : chunk.tool_calls) {
    if (!piece.id.empty()) {
      has_calls_ = true;
      begin_block({Block::Kind::kToolUse, "", std::move(piece.id), std::move(piece.name)});
    }
    if (!piece.arguments.empty()) add(Block::Kind::kToolUse, piece.arguments);
  }
}

void MessageWriter::finish(const chat::Summary& summary) {
  if (delivery_ == Delivery::kWhole) {
    http::Response response;
    response.body = write_message(head_, blocks_, summary);
    return reply_.send(std::move(response));
  }
  start();
  end_block();
  events_.send_named("message_delta",
                     write_message_delta(summary, has_calls_ ? Calls::kSome : Calls::kNone));
  events_.send_named("message_stop", R"({"type":"message_stop"})");
}

void MessageWriter::start() {
  if (std::exchange(has_started_, true)) return;
  events_.send_named("message_start", write_message_start(head_));
  events_.send_named("ping", R"({"type":"ping"})");
}

void MessageWriter::add(Block::Kind kind, const std::string& text) {
  if (!is_open_ || blocks_.back().kind != kind) begin_block({kind, ""});
  if (delivery_ == Delivery::kWhole) {
    blocks_.back().text += text;
    return;
  }
  const int index = static_cast<int>(blocks_.size()) - 1;
  events_.send_named("content_block_delta", write_block_delta(index, kind, text));
}

void MessageWriter::begin_block(Block block) {
  end_block();
  is_open_ = true;
  blocks_.push_back(std::move(block));
  if (delivery_ == Delivery::kWhole) return;
  start();
  const int index = static_cast<int>(blocks_.size()) - 1;
  events_.send_named("content_block_start", write_block_start(index, blocks_.back()));
}

void MessageWriter::end_block() {
  if (!std::exchange(is_open_, false) || delivery_ == Delivery::kWhole) return;
  const int index = static_cast<int>(blocks_.size()) - 1;
  if (blocks_.back().kind == Block::Kind::kThinking) {
    events_.send_named("content_block_delta", write_signature_delta(index));
  }
  events_.send_named("content_block_stop", write_block_stop(index));
}

}  // namespace hailstone::anthropic
