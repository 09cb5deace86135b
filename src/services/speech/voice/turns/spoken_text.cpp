// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/spoken_text.hpp"

#include <algorithm>
#include <string_view>

#include "base/strings.hpp"

namespace hailstone::voice {
namespace {

/// The words that end within the share of the text, as if all letters took the same time.
std::string_view words_within(std::string_view text, double share) {
  const auto limit = static_cast<std::size_t>(share * static_cast<double>(text.size()));
  if (limit >= text.size()) return text;
  const auto blank = text.find_last_of(" \n\t", limit);
  return blank == std::string_view::npos ? std::string_view() : text.substr(0, blank);
}

}  // namespace

void SpokenText::add_sound(Length length) {
  if (clauses_.empty()) clauses_.emplace_back();
  clauses_.back().length += length;
}

Length SpokenText::length() const noexcept {
  Length sum{};
  for (const auto& clause : clauses_) sum += clause.length;
  return sum;
}

std::string SpokenText::until(Length time) const {
  std::string text;
  for (const auto& clause : clauses_) {
    if (time <= Length::zero() && clause.length > Length::zero()) break;
    if (time >= clause.length) {
      text += clause.text;
      time -= clause.length;
      continue;
    }
    text += words_within(clause.text, static_cast<double>(time.count()) /
                                          static_cast<double>(clause.length.count()));
    break;
  }
  return std::string(trim(text));
}

void Playback::send(Length length, SteadyTime now) {
  if (now > end()) begin_ = now - sent_;  // the first sound, or a gap
  sent_ += length;
}

Length Playback::position(SteadyTime now) const noexcept {
  if (now <= begin_) return {};
  return std::min(sent_, std::chrono::duration_cast<Length>(now - begin_));
}

}  // namespace hailstone::voice
