// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What of an answer somebody has heard. Pure; time is given.

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace hailstone::voice {

using Length = std::chrono::microseconds;  ///< of sound

/// Which text sounds when. A value.
class SpokenText {
 public:
  void begin_clause(std::string text) { clauses_.push_back({std::move(text), {}}); }
  /// Sound of the clause that was begun last.
  void add_sound(Length length);

  Length length() const noexcept;
  /// Of a clause that was not heard to its end so many words as time has passed for.
  std::string until(Length time) const;

 private:
  struct Clause {
    std::string text;
    Length length;
  };
  std::vector<Clause> clauses_;
};

/// Where a client that plays what it gets, as soon as it gets it, has come to. A value.
class Playback {
 public:
  void send(Length length, SteadyTime now);

  Length sent() const noexcept { return sent_; }
  Length position(SteadyTime now) const noexcept;
  /// Whether there is anything left to play.
  bool is_playing(SteadyTime now) const noexcept { return position(now) < sent_; }
  /// When all that was sent has been played.
  SteadyTime end() const noexcept { return begin_ + sent_; }

 private:
  SteadyTime begin_{};  ///< when it would have begun if it had never run dry
  Length sent_{};
};

}  // namespace hailstone::voice
