// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/clauses.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/strings.hpp"

namespace hailstone::voice {
namespace {

/// Bytes. A comma ends the first piece from here on, a later one from there on.
constexpr std::size_t kFirstComma = 12;
constexpr std::size_t kLaterComma = 80;
/// Without any mark a piece ends at a blank.
constexpr std::size_t kFirstLongest = 90;
constexpr std::size_t kLaterLongest = 300;

constexpr std::array<std::string_view, 14> kAbbreviations = {
    "e.g.", "i.e.", "dr.",  "mr.",     "mrs.", "ms.",  "st.",
    "no.",  "vs.",  "etc.", "approx.", "z.b.", "d.h.", "bzw."};

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != std::string_view::npos;
}

/// The word that ends behind the place, in small letters.
std::string word_before(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && !is_blank(text[begin - 1])) --begin;
  return to_lower(text.substr(begin, end - begin));
}

bool is_abbreviation(std::string_view text, std::size_t end) {
  const std::string word = word_before(text, end);
  // "J. Smith", and "1. First" of a list
  const bool is_short = word.size() == 2 && std::isalnum(static_cast<unsigned char>(word[0])) != 0;
  return is_short ||
         std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

}  // namespace

std::vector<std::string> ClauseCutter::push(std::string_view text) {
  std::vector<std::string> pieces;
  waiting_ += text;
  for (std::size_t cut = find_cut(); cut > 0; cut = find_cut()) {
    pieces.push_back(waiting_.substr(0, cut));
    waiting_.erase(0, cut);
    if (has_words(pieces.back())) is_first_ = false;
  }
  return pieces;
}

std::optional<std::string> ClauseCutter::finish() {
  if (waiting_.empty()) return std::nullopt;
  return std::exchange(waiting_, {});
}

/// Behind the blank that follows the first clause; 0: none is complete.
std::size_t ClauseCutter::find_cut() const {
  const std::size_t longest = is_first_ ? kFirstLongest : kLaterLongest;
  std::size_t last_blank = 0;
  for (std::size_t at = 1; at < waiting_.size(); ++at) {
    if (!is_blank(waiting_[at])) continue;
    if (ends_clause(at) && !is_quoted(at)) return at + 1;
    if (at < longest) last_blank = at;
    if (at >= longest && last_blank > 0) return last_blank + 1;
  }
  return 0;
}

/// Whether one ends before the blank at that place.
bool ClauseCutter::ends_clause(std::size_t at) const {
  if (waiting_[at] == '\n') return has_words(std::string_view(waiting_).substr(0, at));
  std::size_t end = at;
  while (end > 1 && is_one_of(waiting_[end - 1], "\"')]*_")) --end;
  const char mark = waiting_[end - 1];
  if (is_one_of(mark, "!?")) return true;
  if (mark == '.') return !is_abbreviation(waiting_, end);
  const std::size_t enough = is_first_ ? kFirstComma : kLaterComma;
  return is_one_of(mark, ",;:") && at >= enough;
}

/// Within marks of Markdown, which only make sense in pairs.
bool ClauseCutter::is_quoted(std::size_t at) const {
  const auto before = std::string_view(waiting_).substr(0, at);
  if (before.size() >= kLaterLongest) return false;
  const auto ticks = std::count(before.begin(), before.end(), '`');
  std::size_t stars = 0;
  for (auto found = before.find("**"); found != std::string_view::npos;
       found = before.find("**", found + 2))
    ++stars;
  return ticks % 2 != 0 || stars % 2 != 0;
}

bool has_words(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; });
}

}  // namespace hailstone::voice
