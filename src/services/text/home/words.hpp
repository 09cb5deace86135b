// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is said as words that can be compared. Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::home {

using Words = std::vector<std::string>;
using WordSpan = std::span<const std::string>;

/// Small letters, no punctuation; "21.5°" is {"21.5", "°"}, "30%" is {"30", "%"}.
Words split_words(std::string_view text);

std::string join_words(WordSpan words);

struct Number {
  double value = 0;
  std::size_t length = 0;  ///< of how many words it is made
};

/// At the beginning of the words: "21", "twenty one", "a hundred", "einundzwanzig". 0 to 999 where
/// it is spoken. Nothing where there is none.
std::optional<Number> find_number(WordSpan words, std::string_view language);

}  // namespace hailstone::home
