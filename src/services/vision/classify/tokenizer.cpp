// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/tokenizer.hpp"

#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace hailstone::classify {
namespace {

/// Letters and lower case of all scripts, as the C library's Unicode tables have them, whatever the
/// process's own locale is.
class UnicodeLocale {
 public:
  UnicodeLocale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  ~UnicodeLocale() {
    if (locale_ != nullptr) ::freelocale(locale_);
  }
  UnicodeLocale(const UnicodeLocale&) = delete;
  UnicodeLocale& operator=(const UnicodeLocale&) = delete;

  bool is_letter(char32_t c) const noexcept {
    if (c < 0x80 || locale_ == nullptr) return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return ::iswalpha_l(static_cast<wint_t>(c), locale_) != 0;
  }
  char32_t to_lower(char32_t c) const noexcept {
    if (c < 0x80 || locale_ == nullptr) return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    return static_cast<char32_t>(::towlower_l(static_cast<wint_t>(c), locale_));
  }

 private:
  const locale_t locale_;
};

bool is_space(char32_t c) noexcept {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x3000 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F;
}

bool is_digit(char32_t c) noexcept {
  return c >= '0' && c <= '9';
}

void append_utf8(char32_t c, std::string& out) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

/// What is no UTF-8 becomes U+FFFD, byte by byte.
std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    char32_t value = length < 2 ? lead : lead & (0x7F >> length);
    bool is_whole = length > 0 && i + length <= text.size();
    for (std::size_t k = 1; is_whole && k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      is_whole = (next & 0xC0) == 0x80;
      value = value << 6 | (next & 0x3F);
    }
    out += is_whole ? value : U'\uFFFD';
    i += is_whole ? length : 1;
  }
  return out;
}

/// Of a contraction that begins there: 's, 't, 're, 've, 'm, 'll, 'd.
std::size_t contraction_length(std::u32string_view text) noexcept {
  constexpr std::array<std::u32string_view, 7> kEndings = {U"'s", U"'t",  U"'re", U"'ve",
                                                           U"'m", U"'ll", U"'d"};
  for (const auto ending : kEndings) {
    if (text.starts_with(ending)) return ending.size();
  }
  return 0;
}

/// Letters together, digits one by one, all else together.
std::size_t word_length(std::u32string_view text, const UnicodeLocale& unicode) noexcept {
  if (const auto length = contraction_length(text)) return length;
  if (is_digit(text.front())) return 1;
  const bool is_word = unicode.is_letter(text.front());
  const auto ends = [&](char32_t c) {
    if (is_word) return !unicode.is_letter(c);
    return unicode.is_letter(c) || is_digit(c) || is_space(c);
  };
  return static_cast<std::size_t>(std::find_if(text.begin() + 1, text.end(), ends) - text.begin());
}

/// Every byte as a character that can be seen: GPT-2's bytes_to_unicode().
std::array<std::string, 256> make_byte_names() {
  std::array<std::string, 256> names;
  char32_t next = 256;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool is_visible =
        (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    append_utf8(is_visible ? byte : next++, names[byte]);
  }
  return names;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  const UnicodeLocale unicode;
  std::u32string points = to_code_points(text);
  for (auto& c : points) c = unicode.to_lower(c);
  std::vector<std::string> words;
  for (std::u32string_view rest = points; !rest.empty();) {
    if (is_space(rest.front())) {
      rest.remove_prefix(1);
      continue;
    }
    const auto length = word_length(rest, unicode);
    std::string& word = words.emplace_back();
    for (const char32_t c : rest.substr(0, length)) append_utf8(c, word);
    rest.remove_prefix(length);
  }
  return words;
}

std::vector<std::string> Tokenizer::split_word(std::string_view word) const {
  static const auto byte_names = make_byte_names();
  std::vector<std::string> parts;
  for (const char c : word) parts.push_back(byte_names[static_cast<unsigned char>(c)]);
  parts.back() += vocabulary_.word_end;
  return parts;
}

/// Merges the neighbours of the lowest rank until no two can be merged.
void Tokenizer::encode_word(std::string_view word, std::vector<TokenId>& out) const {
  auto parts = split_word(word);
  while (parts.size() > 1) {
    std::size_t best = 0;
    std::size_t best_rank = std::numeric_limits<std::size_t>::max();
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto merge = vocabulary_.merges.find(parts[i] + " " + parts[i + 1]);
      if (merge == vocabulary_.merges.end() || merge->second >= best_rank) continue;
      best = i;
      best_rank = merge->second;
    }
    if (best_rank == std::numeric_limits<std::size_t>::max()) break;
    parts[best] += parts[best + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
  for (const auto& part : parts) {
    const auto token = vocabulary_.tokens.find(part);
    out.push_back(token == vocabulary_.tokens.end() ? vocabulary_.unknown : token->second);
  }
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, std::size_t longest) const {
  std::vector<TokenId> tokens{vocabulary_.begin};
  for (const auto& word : split_words(text)) {
    if (tokens.size() >= longest) break;
    encode_word(word, tokens);
  }
  if (tokens.size() >= longest) tokens.resize(longest - 1);
  tokens.push_back(vocabulary_.end);
  return tokens;
}

}  // namespace hailstone::classify
