// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Words as tokens. A word is the white space before it and what follows up to the next.

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::engines::fake {

/// The words of a text; joined, they are the text.
std::vector<std::string> split_words(std::string_view text);

/// Gives each word a number when it first comes up. Lives as long as the engine, so that tokens
/// outlast an unload in the same process. Thread-safe.
class Vocabulary {
 public:
  std::vector<inference::TokenId> tokens_of(const std::vector<std::string>& words);
  /// Throws Error(kBadRequest) for a token it never gave out.
  std::string text_of(const std::vector<inference::TokenId>& tokens) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, inference::TokenId> numbers_;  // guarded by mutex_
  std::vector<std::string> words_;                               // guarded by mutex_
};

}  // namespace hailstone::engines::fake
