// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The forms that small commands have, by language, as one table. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/text/home/words.hpp"

namespace hailstone::home {

enum class Action : std::uint8_t {
  kOn,
  kOff,
  kOpen,
  kClose,
  kLock,
  kUnlock,
  kStart,
  kPause,
  kResume,
  kNext,
  kLevel,    ///< in per cent
  kDegrees,  ///< the temperature
  kColour,
  kState,
  kTime,
  kDate,
  kTimer,
  kCancelTimer,
  kNeverMind,
};

/// What a phrase says, as far as it can be told without knowing the home.
struct Phrase {
  Action action = Action::kNeverMind;
  Words target{};  ///< empty: the form has none
  double number = 0;
  std::string colour{};  ///< in English, as Home Assistant has it
  int seconds = 0;       ///< of a timer
};

/// All readings of the words, in the order of the table. language: "en" or "de".
std::vector<Phrase> find_phrases(WordSpan words, std::string_view language);

/// Without "please", "can you", "bitte" and their like at both ends.
WordSpan without_politeness(WordSpan words);

/// "5 minutes", "an hour and a half", "zehn Minuten": all of the words. Nothing for what is none.
std::optional<int> find_seconds(WordSpan words, std::string_view language);

/// What is said once it is done. target: as it was named, "the kitchen light".
std::string answer_for(const Phrase& phrase, const std::string& target, std::string_view language);

}  // namespace hailstone::home
