// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/reply_writer.hpp"

#include <iterator>
#include <string>
#include <utility>

#include "services/text/chat/reply_headers.hpp"

namespace hailstone::chat {
namespace {

using inference::TextChunk;

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

ReplyWriter::ReplyWriter(http::Reply& reply, ReplyHead head, Delivery delivery, const Clock& clock)
    : reply_(reply), head_(std::move(head)), delivery_(delivery), clock_(clock), lines_(reply) {}

void ReplyWriter::begin(const Started& started) {
  add_headers(reply_, started);
}

void ReplyWriter::piece(TextChunk&& chunk) {
  auto calls = joiner_.add(std::move(chunk.tool_calls));
  if (delivery_ == Delivery::kWhole) {
    whole_.text += chunk.text;
    whole_.thinking += chunk.thinking;
    append(whole_.logprobs, std::move(chunk.logprobs));
  } else if (!chunk.text.empty() || !chunk.thinking.empty() || !chunk.logprobs.empty()) {
    write_line({std::move(chunk.text), std::move(chunk.thinking), {}, 0, std::move(chunk.logprobs)},
               nullptr);
  }
  add_calls(std::move(calls));
}

void ReplyWriter::finish(const Summary& summary) {
  add_calls(joiner_.finish());
  const bool ran =
      !summary.rendered && summary.ending != Ending::kLoad && summary.ending != Ending::kUnload;
  if (delivery_ == Delivery::kStreamed && ran) return write_line({}, &summary);
  http::Response response;
  response.body = write_reply(head_, clock_.wall(), whole_, &summary);
  reply_.send(std::move(response));
}

/// Clients expect them in an object whose content is empty.
void ReplyWriter::add_calls(std::vector<inference::ToolCall> calls) {
  if (calls.empty()) return;
  if (delivery_ == Delivery::kWhole) return append(whole_.calls, std::move(calls));
  ReplyPiece piece;
  piece.first_call = std::exchange(calls_, calls_ + calls.size());
  piece.calls = std::move(calls);
  write_line(piece, nullptr);
}

void ReplyWriter::write_line(const ReplyPiece& piece, const Summary* summary) {
  lines_.write(write_reply(head_, clock_.wall(), piece, summary));
}

}  // namespace hailstone::chat
