// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/whisper/live.hpp"

#include <algorithm>

namespace hailstone::engines::whisper {
namespace {

/// Up to the end of the last word that both have wholly.
std::size_t common_words(const std::string& a, const std::string& b) noexcept {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  const auto same = static_cast<std::size_t>(in_a - a.begin());
  const auto ends = [same](const std::string& text) {
    return same == text.size() || text[same] == ' ';
  };
  if (ends(a) && ends(b)) return same;
  const auto blank = a.rfind(' ', same == 0 ? 0 : same - 1);
  return blank == std::string::npos || same == 0 ? 0 : blank;
}

}  // namespace

std::size_t Agreement::add(const std::string& text) {
  const std::size_t agreed = common_words(last_, text);
  // What was called stable stays so as long as it is still there.
  const std::size_t kept = text.starts_with(stable_) ? stable_.size() : common_words(stable_, text);
  const std::size_t stable = std::max(agreed, kept);
  last_ = text;
  stable_ = text.substr(0, stable);
  return stable;
}

void Agreement::reset() {
  last_.clear();
  stable_.clear();
}

}  // namespace hailstone::engines::whisper
