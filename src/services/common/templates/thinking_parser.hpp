// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells thoughts from text in a reply that is still being written. Pure.

#include <string>
#include <string_view>

namespace hailstone::templates {

struct Thought {
  std::string thinking;
  std::string text;
};

/// Owned by one thread. Thoughts stand at a reply's beginning or nowhere; blanks round the tags
/// belong to neither.
class ThinkingParser {
 public:
  enum class Start { kOutside, kInside };

  /// kInside: the prompt has opened the thoughts already.
  ThinkingParser(std::string open, std::string close, Start start);

  /// What is known now of what has been added; what may be the beginning of a tag is kept.
  Thought add(std::string_view piece);
  /// The reply has ended.
  Thought finish();

 private:
  enum class State { kLooking, kOpened, kThinking, kClosed, kText };

  bool step(Thought& out);
  bool skip_blanks(State next);
  bool think(Thought& out);

  std::string open_;
  std::string close_;
  State state_;
  std::string kept_;
};

/// How many bytes at the end of text may be the beginning of tag.
std::size_t partial_tag(std::string_view text, std::string_view tag) noexcept;

}  // namespace hailstone::templates
