// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/completeness.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "base/strings.hpp"

namespace hailstone::voice {
namespace {

/// Nobody ends with one of these. Words that only may stand at the end ("that", "on") are left out.
constexpr std::array<std::string_view, 60> kOpenWords = {
    // English
    "and", "or", "but", "because", "if", "the", "a", "an", "to", "of", "from", "with", "for", "my",
    "your", "our", "their", "is", "are", "was", "were", "um", "uh", "er", "erm", "than", "whether",
    "into", "between",
    // German
    "und", "oder", "aber", "weil", "dass", "der", "die", "das", "den", "dem", "ein", "eine",
    "einen", "mit", "von", "zu", "im", "\xC3\xA4hm",
    // French and Spanish
    "et", "ou", "mais", "parce", "que", "le", "la", "les", "des", "y", "pero", "porque", "euh"};

/// Questions and commands begin with these; then few words are enough.
constexpr std::array<std::string_view, 40> kOpeners = {
    "what", "which", "who",  "where",   "when",  "why",        "how",         "is",
    "are",  "do",    "does", "can",     "could", "will",       "turn",        "stop",
    "tell", "show",  "give", "play",    "set",   "open",       "close",       "what's",
    "was",  "wer",   "wie",  "wo",      "wann",  "warum",      "kann",        "mach",
    "zeig", "qui",   "quel", "comment", "quand", "qu\xC3\xA9", "c\xC3\xB3mo", "d\xC3\xB3nde"};

/// Whole answers of one word.
constexpr std::array<std::string_view, 20> kAnswers = {
    "yes", "no",   "stop", "okay",  "ok",  "thanks", "hello", "hi",        "cancel",  "continue",
    "ja",  "nein", "halt", "danke", "oui", "non",    "merci", "s\xC3\xAD", "gracias", "goodbye"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto& part : split(text, ' ')) {
    std::string word = to_lower(part);
    std::erase_if(word, [](char c) {
      return std::string_view(".,;:!?\"()\n\t").find(c) != std::string_view::npos;
    });
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

Completeness judge_completeness(std::string_view text) {
  constexpr std::size_t kSentence = 4;
  constexpr std::size_t kQuestion = 3;
  text = trim(text);
  const auto words = words_of(text);
  if (words.empty()) return Completeness::kUnclear;
  const bool trails_off = text.ends_with("...") || text.ends_with("\xE2\x80\xA6") ||
                          text.ends_with(',') || text.ends_with('-');
  if (trails_off || has(kOpenWords, words.back())) return Completeness::kIncomplete;
  if (std::string_view(".?!").find(text.back()) != std::string_view::npos) {
    return Completeness::kComplete;
  }
  if (words.size() >= kSentence || has(kAnswers, words.back())) return Completeness::kComplete;
  const bool is_question = words.size() >= kQuestion && has(kOpeners, words.front());
  return is_question ? Completeness::kComplete : Completeness::kUnclear;
}

}  // namespace hailstone::voice
