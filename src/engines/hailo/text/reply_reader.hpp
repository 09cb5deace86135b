// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a model writes, taken apart while it comes: end tokens go, thoughts and calls of tools are
// told from text, and a stop text ends it. Pure; owned by one thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::engines::hailo {

struct ReplyMarks {
  std::vector<std::string> ends;   ///< end tokens and the recovery sequence
  std::vector<std::string> stops;  ///< the client's
  bool has_thoughts = false;       ///< <think>
  bool has_calls = false;          ///< <tool_call>
  bool is_bare_call = false;       ///< a reply that is one JSON object may be a call
};

class ReplyReader {
 public:
  explicit ReplyReader(ReplyMarks marks) : marks_(std::move(marks)) {}

  /// What can be shown now. piece: whole characters.
  inference::TextChunk push(std::string_view piece);
  /// What was held back.
  inference::TextChunk finish();

  /// An end or a stop has come: nothing more is read.
  bool has_ended() const noexcept { return has_ended_; }
  const std::optional<std::string>& stop_text() const noexcept { return stop_text_; }

 private:
  enum class Place { kText, kThoughts, kCall };
  enum class Kind { kEnd, kStop, kThinkBegin, kThinkEnd, kCallBegin, kCallEnd };
  struct Mark {
    std::string_view text;
    Kind kind;
  };
  struct Found {
    std::size_t at;
    Mark mark;
  };

  std::vector<Mark> marks_here() const;
  std::optional<Found> find_mark(const std::vector<Mark>& marks) const;
  std::size_t held_back(const std::vector<Mark>& marks) const;
  void pass(const Mark& mark, inference::TextChunk& chunk);
  void show(std::string_view text, inference::TextChunk& chunk);
  void end_call(inference::TextChunk& chunk, std::string_view begin, std::string_view end);

  const ReplyMarks marks_;
  Place place_ = Place::kText;
  std::string pending_;
  std::string call_;
  bool has_begun_ = false;    // something but blanks was shown
  bool has_thought_ = false;  // likewise of thoughts
  int calls_ = 0;
  bool has_ended_ = false;
  std::optional<std::string> stop_text_;
};

}  // namespace hailstone::engines::hailo
