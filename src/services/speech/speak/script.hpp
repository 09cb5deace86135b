// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A text as it is spoken: what is to be said how fast, and the silence between. Pure.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::speak {

struct Passage {
  std::chrono::milliseconds pause{};  ///< before it
  double rate = 1;                    ///< beside the request's speed
  std::string text;                   ///< may be empty: only the pause

  bool operator==(const Passage&) const = default;
};

using Script = std::vector<Passage>;

/// Without the marks of Markdown, without emoji, links as what they are called; abbreviations of
/// that language written out. What stands in [[ ]] stays as it is.
Script read_plain(std::string_view text, std::string_view language);

/// SSML 1.1: speak, p, s, break, prosody (rate), say-as (characters, digits, ordinal, cardinal,
/// date, telephone), sub, emphasis (without effect), phoneme, voice (without effect), mark. Throws
/// Error(kBadRequest) for what is no proper XML, or an element or attribute that is not supported,
/// by name.
Script read_ssml(std::string_view text, std::string_view language);

/// Sentences, or parts of very long ones, each short enough to be said at once.
std::vector<std::string> find_sentences(std::string_view text);

/// Units and addresses in a sentence as they are spoken in that language.
std::string write_out(const std::string& sentence, std::string_view language);

}  // namespace hailstone::speak
