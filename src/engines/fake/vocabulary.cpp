// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/vocabulary.hpp"

#include "base/error.hpp"

namespace hailstone::engines::fake {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t end = begin;
    while (end < text.size() && is_space(text[end])) ++end;
    while (end < text.size() && !is_space(text[end])) ++end;
    words.emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

std::vector<inference::TokenId> Vocabulary::tokens_of(const std::vector<std::string>& words) {
  std::vector<inference::TokenId> tokens;
  tokens.reserve(words.size());
  const std::lock_guard lock(mutex_);
  for (const auto& word : words) {
    const auto next = static_cast<inference::TokenId>(words_.size());
    const auto [entry, is_new] = numbers_.emplace(word, next);
    if (is_new) words_.push_back(word);
    tokens.push_back(entry->second);
  }
  return tokens;
}

std::string Vocabulary::text_of(const std::vector<inference::TokenId>& tokens) const {
  std::string text;
  const std::lock_guard lock(mutex_);
  for (const auto token : tokens) {
    if (token < 0 || static_cast<std::size_t>(token) >= words_.size()) {
      throw Error(ErrorCode::kBadRequest,
                  "token " + std::to_string(token) + " is not in the vocabulary");
    }
    text += words_[static_cast<std::size_t>(token)];
  }
  return text;
}

}  // namespace hailstone::engines::fake
