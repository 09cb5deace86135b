// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/reply_reader.hpp"

#include <algorithm>
#include <utility>

#include "engines/hailo/text/wire_prompt.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::TextChunk;

constexpr std::string_view kThinkBegin = "<think>";
constexpr std::string_view kThinkEnd = "</think>";
constexpr std::string_view kCallBegin = "<tool_call>";
constexpr std::string_view kCallEnd = "</tool_call>";

std::string_view without_leading_blanks(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

}  // namespace

std::vector<ReplyReader::Mark> ReplyReader::marks_here() const {
  std::vector<Mark> marks;
  for (const auto& end : marks_.ends) marks.push_back({end, Kind::kEnd});
  if (place_ == Place::kThoughts) marks.push_back({kThinkEnd, Kind::kThinkEnd});
  if (place_ == Place::kCall) marks.push_back({kCallEnd, Kind::kCallEnd});
  if (place_ != Place::kText) return marks;
  for (const auto& stop : marks_.stops) marks.push_back({stop, Kind::kStop});
  if (marks_.has_thoughts) marks.push_back({kThinkBegin, Kind::kThinkBegin});
  if (marks_.has_calls) marks.push_back({kCallBegin, Kind::kCallBegin});
  return marks;
}

std::optional<ReplyReader::Found> ReplyReader::find_mark(const std::vector<Mark>& marks) const {
  std::optional<Found> first;
  for (const auto& mark : marks) {
    if (mark.text.empty()) continue;
    const auto at = pending_.find(mark.text);
    if (at != std::string::npos && (!first || at < first->at)) first = Found{at, mark};
  }
  return first;
}

/// How many bytes at the end may become a mark.
std::size_t ReplyReader::held_back(const std::vector<Mark>& marks) const {
  std::size_t most = 0;
  for (const auto& mark : marks) {
    if (mark.text.empty()) continue;
    const std::size_t longest = std::min(pending_.size(), mark.text.size() - 1);
    for (std::size_t size = longest; size > most; --size) {
      if (pending_.compare(pending_.size() - size, size, mark.text, 0, size) == 0) most = size;
    }
  }
  return most;
}

TextChunk ReplyReader::push(std::string_view piece) {
  TextChunk chunk;
  if (has_ended_) return chunk;
  pending_ += piece;
  for (;;) {
    const auto marks = marks_here();
    const auto found = find_mark(marks);
    const std::size_t ready = found ? found->at : pending_.size() - held_back(marks);
    show(std::string_view(pending_).substr(0, ready), chunk);
    pending_.erase(0, ready + (found ? found->mark.text.size() : 0));
    if (!found) return chunk;
    pass(found->mark, chunk);
    if (has_ended_) return chunk;
  }
}

TextChunk ReplyReader::finish() {
  TextChunk chunk;
  if (!has_ended_) show(std::exchange(pending_, {}), chunk);
  has_ended_ = true;
  if (!call_.empty()) {
    end_call(chunk, place_ == Place::kCall ? kCallBegin : std::string_view(), {});
  }
  return chunk;
}

void ReplyReader::pass(const Mark& mark, TextChunk& chunk) {
  switch (mark.kind) {
    case Kind::kEnd:
      has_ended_ = true;
      break;
    case Kind::kStop:
      has_ended_ = true;
      stop_text_ = std::string(mark.text);
      break;
    case Kind::kThinkBegin:
      place_ = Place::kThoughts;
      break;
    case Kind::kCallBegin:
      place_ = Place::kCall;
      break;
    case Kind::kThinkEnd:
      place_ = Place::kText;
      break;
    case Kind::kCallEnd:
      place_ = Place::kText;
      end_call(chunk, kCallBegin, kCallEnd);
      break;
  }
}

void ReplyReader::show(std::string_view text, TextChunk& chunk) {
  if (text.empty()) return;
  if (place_ == Place::kThoughts) {
    if (!has_thought_) text = without_leading_blanks(text);
    has_thought_ = has_thought_ || !text.empty();
    chunk.thinking += text;
    return;
  }
  if (place_ == Place::kCall || !call_.empty()) {
    call_ += text;
    return;
  }
  // Line ends between thoughts, calls and text are nobody's.
  if (!has_begun_ && (marks_.has_thoughts || marks_.has_calls || marks_.is_bare_call)) {
    text = without_leading_blanks(text);
    if (text.empty()) return;
  }
  if (!has_begun_ && marks_.is_bare_call && text.front() == '{') {
    call_ += text;
    return;
  }
  has_begun_ = true;
  chunk.text += text;
}

/// begin, end: what stood round it, to be shown where it is no call.
void ReplyReader::end_call(TextChunk& chunk, std::string_view begin, std::string_view end) {
  const std::string text = std::exchange(call_, {});
  const auto call = parse_call(text);
  if (!call) {
    chunk.text += std::string(begin) + text + std::string(end);
    return;
  }
  chunk.tool_calls.push_back({calls_++, call->id, call->name, call->arguments});
}

}  // namespace hailstone::engines::hailo
