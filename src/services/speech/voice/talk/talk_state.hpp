// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a talk keeps of a turn and of an answer. Internal to the talk.

#include <algorithm>

#include "services/speech/voice/talk/talk.hpp"

namespace hailstone::voice {

/// A turn of the user's, from its first sound until its text is known.
struct Talk::OpenTurn {
  struct Stretch {
    int number = 0;
    bool is_done = false;
    std::string text = {};
  };

  bool is_heard() const noexcept {
    return std::all_of(stretches.begin(), stretches.end(),
                       [](const Stretch& stretch) { return stretch.is_done; });
  }
  std::string text() const {
    std::string all;
    for (const auto& stretch : stretches) {
      if (!all.empty() && !stretch.text.empty()) all += ' ';
      all += stretch.text;
    }
    return all;
  }
  milliseconds since_end(SteadyTime now) const {
    return std::chrono::duration_cast<milliseconds>(now - speech_end);
  }

  Turn view;
  std::vector<Stretch> stretches = {};
  std::unique_ptr<Hearing> hearing = {};  ///< of the last stretch, while it goes on
  std::uint64_t begin = 0;                ///< place in the stream
  std::uint64_t fed_until = 0;            ///< likewise: so far has the recogniser got it
  bool is_paused = false;
  bool wants_reply = false;
  SteadyTime speech_end{};
  SteadyTime heard_at{};
  std::optional<Error> failure = {};
};

struct Talk::OpenReply {
  bool is_over() const noexcept { return view.status != Reply::Status::kInProgress; }

  int number = 0;
  Reply view;
  std::optional<std::vector<Item>> input = {};
  std::unique_ptr<Answering> answering = {};  ///< null: it waits for the text of a turn
  SteadyTime since{};                         ///< what its times count from
  bool is_written = false;
  bool is_spoken = false;
  bool has_item = false;
  bool is_at_limit = false;  ///< of tokens
  bool is_cut = false;       ///< at what was heard
  Item item = {};            ///< of an answer apart; else the conversation has it
  inference::ToolCallJoiner joiner = {};
  Playback playback = {};
  std::optional<Length> told = {};  ///< how much the client says that it has played
};

}  // namespace hailstone::voice
