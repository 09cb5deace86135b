// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// CLIP's tokenizer: byte pair encoding of lower-case words, as
// https://github.com/openai/CLIP/blob/main/clip/simple_tokenizer.py does it. Text is not brought to
// a normal form of Unicode first: what keyboards write has it already.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hailstone::classify {

using TokenId = std::int64_t;

/// What a tokenizer.json says.
struct Vocabulary {
  std::unordered_map<std::string, TokenId> tokens;
  /// "a b" to its rank: the lowest is merged first.
  std::unordered_map<std::string, std::size_t> merges;
  std::string word_end = "</w>";
  TokenId begin = 0;    ///< of a text
  TokenId end = 0;      ///< and what it is filled up with
  TokenId unknown = 0;  ///< what no token stands for
};

/// A tokenizer.json as Hugging Face's tokenizers library writes it. Throws Error(kUnsupported) for
/// one that is no byte pair encoding with CLIP's marks of begin and end. Pure.
Vocabulary parse_vocabulary(std::string_view json);

/// Immutable: any thread.
class Tokenizer {
 public:
  explicit Tokenizer(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}

  /// Begin, the words, end. What is more than longest tokens is cut off, but not the end.
  std::vector<TokenId> encode(std::string_view text, std::size_t longest) const;

  TokenId end() const noexcept { return vocabulary_.end; }

 private:
  void encode_word(std::string_view word, std::vector<TokenId>& out) const;
  std::vector<std::string> split_word(std::string_view word) const;

  Vocabulary vocabulary_;
};

/// Lower case, without the white space: "It's 42!" is "it", "'s", "4", "2", "!". Pure.
std::vector<std::string> split_words(std::string_view text);

}  // namespace hailstone::classify
