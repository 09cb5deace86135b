// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::engines::hailo {

/// HailoRT makes tokens of texts but no texts of tokens: what was made here is remembered, so that
/// a client that hands tokens of ours back is understood. Thread-safe.
class TokenTexts {
 public:
  using Tokens = std::vector<inference::TokenId>;

  void remember(const Tokens& tokens, const std::string& text) {
    const std::lock_guard lock(mutex_);
    known_.remove_if([&](const auto& one) { return one.first == tokens; });
    known_.emplace_front(tokens, text);
    if (known_.size() > kMost) known_.pop_back();
  }

  /// A text that was made here, of which these tokens are the beginning or the end.
  struct Whole {
    std::string text;
    std::size_t before = 0;  ///< tokens before them
    std::size_t behind = 0;
  };
  std::optional<Whole> find_whole(const Tokens& tokens) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, text] : known_) {
      if (known.size() < tokens.size()) continue;
      const std::size_t others = known.size() - tokens.size();
      if (std::equal(tokens.begin(), tokens.end(), known.begin())) return Whole{text, 0, others};
      if (std::equal(tokens.rbegin(), tokens.rend(), known.rbegin())) return Whole{text, others, 0};
    }
    return std::nullopt;
  }

  /// Nothing where it was not made here, or too long ago.
  std::optional<std::string> find(const Tokens& tokens) const {
    if (tokens.empty()) return std::string();
    const std::lock_guard lock(mutex_);
    for (const auto& [known, text] : known_) {
      if (known == tokens) return text;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kMost = 64;
  mutable std::mutex mutex_;
  std::list<std::pair<Tokens, std::string>> known_;  // guarded by mutex_; used last first
};

}  // namespace hailstone::engines::hailo
