// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/thinking_parser.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::templates {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::size_t blanks_at_end(std::string_view text) noexcept {
  const auto last = text.find_last_not_of(kBlank);
  return last == std::string_view::npos ? text.size() : text.size() - last - 1;
}

}  // namespace

std::size_t partial_tag(std::string_view text, std::string_view tag) noexcept {
  for (std::size_t size = std::min(text.size(), tag.size()); size > 0; --size) {
    if (text.substr(text.size() - size) == tag.substr(0, size)) return size;
  }
  return 0;
}

ThinkingParser::ThinkingParser(std::string open, std::string close, Start start)
    : open_(std::move(open)),
      close_(std::move(close)),
      state_(start == Start::kInside ? State::kOpened : State::kLooking) {}

Thought ThinkingParser::add(std::string_view piece) {
  kept_ += piece;
  Thought out;
  while (step(out)) {
  }
  return out;
}

Thought ThinkingParser::finish() {
  Thought out;
  std::string& rest = state_ == State::kThinking ? out.thinking : out.text;
  rest = std::exchange(kept_, {});
  return out;
}

/// Gives false where nothing more is known before more has come.
bool ThinkingParser::step(Thought& out) {
  switch (state_) {
    case State::kLooking: {
      const auto begin = std::min(kept_.find_first_not_of(kBlank), kept_.size());
      const std::string_view text = std::string_view(kept_).substr(begin);
      if (text.starts_with(open_)) {
        kept_.erase(0, begin + open_.size());
        state_ = State::kOpened;
        return true;
      }
      if (std::string_view(open_).starts_with(text)) return false;
      state_ = State::kText;
      return true;
    }
    case State::kOpened:
      return skip_blanks(State::kThinking);
    case State::kThinking:
      return think(out);
    case State::kClosed:
      return skip_blanks(State::kText);
    case State::kText:
      out.text += std::exchange(kept_, {});
      return false;
  }
  return false;
}

bool ThinkingParser::skip_blanks(State next) {
  kept_.erase(0, std::min(kept_.find_first_not_of(kBlank), kept_.size()));
  if (kept_.empty()) return false;
  state_ = next;
  return true;
}

bool ThinkingParser::think(Thought& out) {
  if (const auto end = kept_.find(close_); end != std::string::npos) {
    const std::string_view thoughts = std::string_view(kept_).substr(0, end);
    out.thinking += thoughts.substr(0, thoughts.size() - blanks_at_end(thoughts));
    kept_.erase(0, end + close_.size());
    state_ = State::kClosed;
    return true;
  }
  // Blanks before what may become the closing tag are kept with it.
  const std::size_t tag = partial_tag(kept_, close_);
  const std::string_view before = std::string_view(kept_).substr(0, kept_.size() - tag);
  const std::size_t said = before.size() - blanks_at_end(before);
  out.thinking += before.substr(0, said);
  kept_.erase(0, said);
  return false;
}

}  // namespace hailstone::templates
