// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small commands ("turn on the kitchen light", "Rollläden im Bad zu", "set a timer for ten
// minutes") as Home Assistant's intents, without a language model. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "services/text/home/home_index.hpp"

namespace hailstone::home {

struct Spoken {
  std::string text;
  std::string language{};   ///< "en", "de-DE"; empty: English
  std::string satellite{};  ///< who heard it; may be empty
  WallTime now{};           ///< for who asks what time it is
};

/// Empty where it is no such command, or names what the home does not have: all of it is
/// understood, or nothing. At most kMostIntents.
std::vector<Intent> find_commands(const Spoken& spoken, const HomeIndex& home);

inline constexpr std::size_t kMostIntents = 8;
/// More bytes than any small command has.
inline constexpr std::size_t kLongestCommand = 400;

/// What a language model asks for: an action ("on", "off", "open", "close", "level", "degrees",
/// "state", "start"), whose name, and a value. Empty where the home does not have it.
std::vector<Intent> find_ordered(std::string_view action, std::string_view name, double value,
                                 const HomeIndex& home, std::string_view here,
                                 std::string_view language);

}  // namespace hailstone::home
