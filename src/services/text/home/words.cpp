// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/home/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "base/strings.hpp"

namespace hailstone::home {
namespace {

constexpr std::array<std::string_view, 20> kEnglishOnes = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kEnglishTens = {
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 20> kGermanOnes = {
    "null",     "eins",     "zwei",     "drei",     "vier",     "fünf",    "sechs",
    "sieben",   "acht",     "neun",     "zehn",     "elf",      "zwölf",   "dreizehn",
    "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"};
constexpr std::array<std::string_view, 10> kGermanTens = {
    "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"};

template <std::size_t N>
std::optional<int> index_of(const std::array<std::string_view, N>& list, std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  if (found == list.end() || found->empty()) return std::nullopt;
  return static_cast<int>(found - list.begin());
}

/// "Ä" to "ä": the two bytes of Latin-1's capitals.
void lower_latin(std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    auto& next = text[i + 1];
    const auto code = static_cast<unsigned char>(next);
    if (static_cast<unsigned char>(text[i]) == 0xC3 && code >= 0x80 && code <= 0x9E &&
        code != 0x97) {
      next = static_cast<char>(code + 0x20);
    }
  }
}

/// Quotation marks and dashes of Unicode (U+2000 to U+203F) become blanks, but for the apostrophe.
void plain_punctuation(std::string& text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text.compare(i, 2, "\xE2\x80") != 0) continue;
    const bool is_apostrophe = text[i + 2] == '\x99';
    text.replace(i, 3, is_apostrophe ? "'" : " ");
  }
}

bool is_word_byte(unsigned char c) {
  return c >= 0x80 || std::isalnum(c) != 0 || c == '\'';
}

std::optional<Number> find_digits(const std::string& word) {
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word.front())) == 0) return {};
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  if (*end != '\0') return std::nullopt;
  return Number{value, 1};
}

/// Below a hundred.
std::optional<Number> find_english_small(WordSpan words) {
  if (words.empty()) return std::nullopt;
  if (const auto ones = index_of(kEnglishOnes, words[0])) return Number{double(*ones), 1};
  const auto tens = index_of(kEnglishTens, words[0]);
  if (!tens) return std::nullopt;
  if (words.size() > 1) {
    const auto ones = index_of(kEnglishOnes, words[1]);
    if (ones && *ones > 0 && *ones < 10) return Number{*tens * 10.0 + *ones, 2};
  }
  return Number{*tens * 10.0, 1};
}

std::optional<Number> find_english(WordSpan words) {
  if (words.empty()) return std::nullopt;
  const bool is_a = words[0] == "a" || words[0] == "an";
  auto number = is_a ? Number{1, 1} : find_english_small(words);
  if (!number) return std::nullopt;
  const bool is_hundreds = number->length < words.size() && words[number->length] == "hundred";
  if (!is_hundreds) return is_a ? std::nullopt : number;
  number->value *= 100;
  ++number->length;
  auto rest = words.subspan(number->length);
  const std::size_t skipped = !rest.empty() && rest[0] == "and" ? 1 : 0;
  if (const auto small = find_english_small(rest.subspan(skipped))) {
    number->value += small->value;
    number->length += skipped + small->length;
  }
  return number;
}

/// "einundzwanzig" is one word.
std::optional<int> find_german_word(std::string_view word) {
  if (word == "ein" || word == "eine" || word == "einen" || word == "einer") return 1;
  if (word == "hundert" || word == "einhundert") return 100;
  if (const auto ones = index_of(kGermanOnes, word)) return ones;
  if (const auto tens = index_of(kGermanTens, word)) return *tens * 10;
  const auto und = word.find("und");
  if (und == std::string_view::npos) return std::nullopt;
  const auto tens = index_of(kGermanTens, word.substr(und + 3));
  const auto head = word.substr(0, und);
  const auto ones = head == "ein" ? std::optional(1) : index_of(kGermanOnes, head);
  if (!tens || !ones || *ones > 9) return std::nullopt;
  return *tens * 10 + *ones;
}

}  // namespace

Words split_words(std::string_view text) {
  std::string folded = to_lower(text);
  plain_punctuation(folded);
  lower_latin(folded);
  Words words;
  std::string word;
  const auto end_word = [&] {
    while (word.ends_with('\'')) word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  const auto digit_at = [&](std::size_t i) {
    return i < folded.size() && std::isdigit(static_cast<unsigned char>(folded[i])) != 0;
  };
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto c = static_cast<unsigned char>(folded[i]);
    const bool is_degree = folded.compare(i, 2, "°") == 0;
    const bool is_point = (c == '.' || c == ',') && i > 0 && digit_at(i - 1) && digit_at(i + 1);
    if (is_degree || c == '%') {
      end_word();
      words.emplace_back(is_degree ? "°" : "%");
      if (is_degree) ++i;
    } else if (is_word_byte(c)) {
      word += folded[i];
    } else if (is_point) {
      word += '.';
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

std::string join_words(WordSpan words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::optional<Number> find_number(WordSpan words, std::string_view language) {
  if (words.empty()) return std::nullopt;
  if (const auto digits = find_digits(words[0])) return digits;
  if (language != "de") return find_english(words);
  const auto german = find_german_word(words[0]);
  if (!german) return std::nullopt;
  return Number{double(*german), 1};
}

}  // namespace hailstone::home
