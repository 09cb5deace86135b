// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/reply_writer.hpp"

#include <iterator>
#include <string>
#include <utility>

#include "base/duration.hpp"
#include "http/header_names.hpp"

namespace hailstone::chat {
namespace {

using inference::TextChunk;

bool is_empty(const TextChunk& chunk) noexcept {
  return chunk.text.empty() && chunk.thinking.empty() && chunk.tool_calls.empty() &&
         chunk.logprobs.empty();
}

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

ReplyWriter::ReplyWriter(http::Reply& reply, ReplyHead head, Delivery delivery, const Clock& clock)
    : reply_(reply), head_(std::move(head)), delivery_(delivery), clock_(clock), lines_(reply) {}

void ReplyWriter::begin(const Started& started) {
  reply_.add_header(http::kEngineHeader, started.engine);
  if (started.cut_keep_alive) {
    reply_.add_header(http::kKeepAliveHeader, to_go_duration(*started.cut_keep_alive));
  }
  if (started.dropped_messages > 0) {
    reply_.add_header(http::kTruncatedHeader,
                      std::to_string(started.dropped_messages) + " messages");
  } else if (started.dropped_tokens > 0) {
    reply_.add_header(http::kTruncatedHeader, std::to_string(started.dropped_tokens) + " tokens");
  }
}

void ReplyWriter::piece(TextChunk&& chunk) {
  if (is_empty(chunk)) return;
  if (delivery_ == Delivery::kWhole) {
    whole_.text += chunk.text;
    whole_.thinking += chunk.thinking;
    append(whole_.tool_calls, std::move(chunk.tool_calls));
    append(whole_.logprobs, std::move(chunk.logprobs));
    return;
  }
  // Clients expect tool calls in an object whose content is empty.
  TextChunk calls;
  calls.tool_calls = std::exchange(chunk.tool_calls, {});
  if (!is_empty(chunk)) write_line(chunk, nullptr);
  if (!calls.tool_calls.empty()) write_line(calls, nullptr);
}

void ReplyWriter::finish(const Summary& summary) {
  const bool ran = summary.ending != Ending::kLoad && summary.ending != Ending::kUnload;
  if (delivery_ == Delivery::kStreamed && ran) return write_line({}, &summary);
  http::Response response;
  response.body = write_reply(head_, clock_.wall(), whole_, &summary);
  reply_.send(std::move(response));
}

void ReplyWriter::write_line(const TextChunk& chunk, const Summary* summary) {
  lines_.write(write_reply(head_, clock_.wall(), chunk, summary, calls_));
  calls_ += chunk.tool_calls.size();
}

}  // namespace hailstone::chat
