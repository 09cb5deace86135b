// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether somebody who pauses has said all that he wanted to. Pure.

#include <cstdint>
#include <string_view>

namespace hailstone::voice {

enum class Completeness : std::uint8_t {
  kComplete,    ///< a sentence, or an answer
  kUnclear,     ///< it could be one
  kIncomplete,  ///< more must come: "turn on the ..."
};

/// By the words alone, because recognisers often know no punctuation; where there is some it
/// counts. English, German, French and Spanish are known; of other languages only punctuation.
Completeness judge_completeness(std::string_view text);

}  // namespace hailstone::voice
