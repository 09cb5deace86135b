// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/completion_writer.hpp"

#include <iterator>
#include <utility>

#include "services/text/chat/reply_headers.hpp"

namespace hailstone::openai {

CompletionWriter::CompletionWriter(http::Reply& reply, const CompletionCall& call, ReplyHead head)
    : reply_(reply), call_(call), head_(std::move(head)), events_(reply) {}

void CompletionWriter::begin_choice(std::string echo) {
  ++choice_;
  offset_ = 0;
  echo_ = std::move(echo);
  whole_.push_back({choice_, {}, {}, 0, {}});
}

void CompletionWriter::begin(const chat::Started& started) {
  if (choice_ == 0) chat::add_headers(reply_, started);
}

void CompletionWriter::piece(inference::TextChunk&& chunk) {
  if (chunk.text.empty() && chunk.logprobs.empty()) return;
  take({choice_, std::exchange(echo_, {}) + chunk.text, std::move(chunk.logprobs), offset_, {}});
}

void CompletionWriter::end_choice(const chat::Summary& summary) {
  take({choice_, std::exchange(echo_, {}), {}, offset_, finish_reason_of(summary, false)});
}

void CompletionWriter::take(CompletionPiece piece) {
  offset_ += piece.text.size();
  if (call_.task.stream) return events_.send(write_completion(head_, {piece}, nullptr));
  CompletionPiece& whole = whole_.back();
  whole.text += piece.text;
  whole.logprobs.insert(whole.logprobs.end(), std::make_move_iterator(piece.logprobs.begin()),
                        std::make_move_iterator(piece.logprobs.end()));
  whole.finish_reason = piece.finish_reason;
}

void CompletionWriter::finish(const chat::Summary& sum) {
  if (call_.task.stream) {
    if (call_.usage == Usage::kInclude) events_.send(write_completion(head_, {}, &sum));
    return events_.done();
  }
  http::Response response;
  response.body = write_completion(head_, whole_, &sum);
  reply_.send(std::move(response));
}

}  // namespace hailstone::openai
