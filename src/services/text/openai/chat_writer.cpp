// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/chat_writer.hpp"

#include <iterator>
#include <utility>

#include "services/text/chat/reply_headers.hpp"
#include "services/text/openai/sum.hpp"

namespace hailstone::openai {
namespace {

template <typename T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

bool is_empty(const inference::TextChunk& chunk) noexcept {
  return chunk.text.empty() && chunk.thinking.empty() && chunk.tool_calls.empty() &&
         chunk.logprobs.empty();
}

}  // namespace

ChatWriter::ChatWriter(http::Reply& reply, const ChatCall& call, ReplyHead head)
    : reply_(reply), call_(call), head_(std::move(head)), events_(reply) {}

void ChatWriter::begin(const chat::Started& started) {
  has_calls_ = false;
  if (choice_ == 0) chat::add_headers(reply_, started);
}

void ChatWriter::piece(inference::TextChunk&& chunk) {
  if (is_empty(chunk)) return;
  if (!call_.task.stream) return keep(std::move(chunk));
  if (!std::exchange(has_begun_, true)) send(Place::kFirst, {});
  has_calls_ = has_calls_ || !chunk.tool_calls.empty();
  send(Place::kLater, chunk);
}

void ChatWriter::end_choice(const chat::Summary& summary) {
  add_choice(sum_, summary);
  if (call_.task.stream) {
    if (!std::exchange(has_begun_, false)) send(Place::kFirst, {});
    events_.send(
        write_chat_end(head_, choice_, finish_reason_of(summary, has_calls_), call_.usage));
  } else {
    append(whole_.calls, joiner_.finish());
    whole_.finish_reason = finish_reason_of(summary, !whole_.calls.empty());
    choices_.push_back(std::exchange(whole_, {}));
  }
  ++choice_;
}

void ChatWriter::finish() {
  if (call_.task.stream) {
    if (call_.usage == Usage::kInclude) events_.send(write_chat_usage(head_, sum_));
    return events_.done();
  }
  http::Response response;
  response.body = write_chat(head_, choices_, sum_);
  reply_.send(std::move(response));
}

void ChatWriter::send(Place place, const inference::TextChunk& chunk) {
  events_.send(write_chat_chunk(head_, choice_, place, chunk, call_.usage));
}

void ChatWriter::keep(inference::TextChunk&& chunk) {
  whole_.text += chunk.text;
  whole_.thinking += chunk.thinking;
  append(whole_.calls, joiner_.add(std::move(chunk.tool_calls)));
  append(whole_.logprobs, std::move(chunk.logprobs));
}

}  // namespace hailstone::openai
