// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/pattern.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::llama {
namespace {

constexpr std::size_t kMostPattern = 2000;
constexpr int kMostDepth = 20;
constexpr int kMostRepetitions = 2000;
constexpr char32_t kLastCharacter = 0x10FFFF;
/// What a JSON text holds as it is: no quote, no backslash, no control character.
constexpr const char* kAny = R"([^\x22\x5C\x00-\x1F])";

/// Ranges of characters, ends included.
class CharacterSet {
 public:
  void add(char32_t first, char32_t last) { ranges_.push_back({first, last}); }
  void add(const CharacterSet& other) {
    ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  }
  void remove(char32_t first, char32_t last) {
    CharacterSet kept;
    for (const auto& [a, b] : ranges_) {
      if (a < first) kept.add(a, std::min<char32_t>(b, first - 1));
      if (b > last) kept.add(std::max<char32_t>(a, last + 1), b);
    }
    *this = kept;
  }
  bool has(char32_t c) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [c](const auto& range) { return range.first <= c && c <= range.second; });
  }
  CharacterSet complement() const {
    CharacterSet out;
    out.add(0, kLastCharacter);
    for (const auto& [first, last] : ranges_) out.remove(first, last);
    return out;
  }
  bool empty() const noexcept { return ranges_.empty(); }
  std::string text() const {
    std::string out = "[";
    for (const auto& [first, last] : ranges_) {
      append(out, first);
      if (last == first) continue;
      out += '-';
      append(out, last);
    }
    return out + "]";
  }

 private:
  static void append(std::string& out, char32_t c) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) {
      out += static_cast<char>(c);
      return;
    }
    char text[16];
    const char* form = c < 0x100 ? "\\x%02X" : c < 0x10000 ? "\\u%04X" : "\\U%08X";
    std::snprintf(text, sizeof text, form, static_cast<unsigned>(c));
    out += text;
  }

  std::vector<std::pair<char32_t, char32_t>> ranges_;
};

std::optional<CharacterSet> find_class(char name) {
  CharacterSet set;
  switch (name | 0x20) {
    case 'd':
      set.add('0', '9');
      break;
    case 'w':
      set.add('0', '9');
      set.add('A', 'Z');
      set.add('_', '_');
      set.add('a', 'z');
      break;
    case 's':
      set.add('\t', '\r');
      set.add(' ', ' ');
      break;
    default:
      return std::nullopt;
  }
  return name < 'a' ? set.complement() : set;
}

/// What JSON writes for a character that it does not hold as it is, as a literal of a pattern.
struct Escaped {
  char32_t character;
  const char* text;
};
constexpr Escaped kEscaped[] = {
    {'"', R"(\\")"}, {'\\', R"(\\\\)"}, {'\n', R"(\\n)"}, {'\r', R"(\\r)"}, {'\t', R"(\\t)"}};

/// Reads one pattern and writes it anew. One use.
class Translator {
 public:
  explicit Translator(std::string_view pattern) : whole_(pattern), rest_(pattern) {}

  std::string translate() {
    if (whole_.size() > kMostPattern) refuse("it is too long");
    std::string out = "^(";
    out += anchored();
    while (take('|')) out += '|' + anchored();
    if (!rest_.empty()) refuse("there is a ) too many");
    return out + ")$";
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::kBadRequest,
                "the JSON schema's pattern \"" + std::string(utf8_prefix(whole_, 80)) +
                    "\" cannot be enforced: " + why,
                "characters, classes, groups, alternatives, repetitions and the anchors ^ and $ "
                "can be");
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool ends_here() const { return rest_.empty() || rest_.front() == '|'; }

  /// One of the outermost alternatives; where it is not anchored, anything may stand there.
  std::string anchored() {
    std::string out = take('^') ? "" : std::string(kAny) + "*";
    out += sequence();
    if (take('$')) {
      if (!ends_here()) refuse("$ stands in its midst");
      return out;
    }
    return out + kAny + "*";
  }

  std::string alternatives() {
    if (++depth_ > kMostDepth) refuse("it is nested too deeply");
    std::string out = sequence();
    while (take('|')) out += '|' + sequence();
    if (!take(')')) refuse("a group is not closed");
    --depth_;
    return "(" + out + ")";
  }

  std::string sequence() {
    std::string out;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')' && rest_.front() != '$') {
      const int outer = std::exchange(repetitions_, 1);
      const std::string atom = this->atom();
      out += repeated(atom, outer);
    }
    return out;
  }

  std::string atom() {
    if (rest_.starts_with("(?:")) {
      rest_.remove_prefix(3);
      return alternatives();
    }
    if (rest_.starts_with("(?<") && rest_.size() > 3 && rest_[3] != '=' && rest_[3] != '!') {
      rest_.remove_prefix(std::min(rest_.find('>'), rest_.size() - 1) + 1);
      return alternatives();
    }
    if (rest_.starts_with("(?")) refuse("it looks ahead or behind");
    if (take('(')) return alternatives();
    if (take('[')) return text_of(bracketed());
    if (take('.')) return kAny;
    if (rest_.front() == '^') refuse("^ stands in its midst");
    if (std::string_view("*+?").find(rest_.front()) != std::string_view::npos) {
      refuse("there is nothing to repeat");
    }
    if (rest_.front() == '\\' && rest_.size() > 1) {
      if (const auto set = find_class(rest_[1])) {
        rest_.remove_prefix(2);
        return text_of(*set);
      }
    }
    CharacterSet set;
    const char32_t c = character();
    set.add(c, c);
    return text_of(set);
  }

  /// A class of characters as JSON writes them.
  static std::string text_of(CharacterSet set) {
    std::string out;
    for (const auto& [character, text] : kEscaped) {
      if (set.has(character)) out.append(out.empty() ? "" : "|").append(text);
    }
    set.remove(0, 0x1F);
    set.remove('"', '"');
    set.remove('\\', '\\');
    if (set.empty()) return "(" + out + ")";
    return out.empty() ? set.text() : "(" + set.text() + "|" + out + ")";
  }

  CharacterSet bracketed() {
    const bool negated = take('^');
    CharacterSet set;
    while (!take(']')) {
      if (rest_.empty()) refuse("a class is not closed");
      if (rest_.front() == '\\' && rest_.size() > 1) {
        if (const auto inner = find_class(rest_[1])) {
          rest_.remove_prefix(2);
          set.add(*inner);
          continue;
        }
      }
      const char32_t first = class_character();
      char32_t last = first;
      const bool is_range = rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
      if (is_range) {
        rest_.remove_prefix(1);
        last = class_character();
      }
      if (last < first) refuse("a range ends before it begins");
      set.add(first, last);
    }
    if (!negated && set.empty()) refuse("a class is empty");
    return negated ? set.complement() : set;
  }

  char32_t class_character() {
    if (rest_.starts_with("\\b")) {
      rest_.remove_prefix(2);
      return '\b';
    }
    return character();
  }

  char32_t character() {
    if (!take('\\')) return take_utf8();
    if (rest_.empty()) refuse("it ends in a backslash");
    const char kind = rest_.front();
    rest_.remove_prefix(1);
    constexpr std::string_view kNames = "nrtfv0";
    constexpr std::string_view kValues("\n\r\t\f\v\0", 6);
    if (const auto at = kNames.find(kind); at != std::string_view::npos) {
      return static_cast<unsigned char>(kValues[at]);
    }
    if (kind == 'x') return hex(2);
    if (kind == 'u') return hex(4);
    const bool is_word = (kind >= '1' && kind <= '9') || (kind >= 'a' && kind <= 'z') ||
                         (kind >= 'A' && kind <= 'Z');
    if (is_word) refuse(std::string("\\") + kind + " is no character");
    return static_cast<unsigned char>(kind);
  }

  char32_t hex(std::size_t digits) {
    char32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = rest_.empty() ? '?' : rest_.front();
      const auto at = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
      if (at == std::string_view::npos) refuse("an escape is not complete");
      value = value << 4U | static_cast<char32_t>(at);
      rest_.remove_prefix(1);
    }
    return value;
  }

  char32_t take_utf8() {
    const auto first = static_cast<unsigned char>(rest_.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    constexpr unsigned kBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    if (rest_.size() < length) refuse("it is no UTF-8");
    char32_t value = first & kBits[length];
    for (std::size_t i = 1; i < length; ++i) {
      value = value << 6U | (static_cast<unsigned char>(rest_[i]) & 0x3FU);
    }
    rest_.remove_prefix(length);
    return value;
  }

  std::optional<int> find_count() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return std::nullopt;
    int count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      count = std::min(count * 10 + (rest_.front() - '0'), kMostRepetitions + 1);
      rest_.remove_prefix(1);
    }
    return count;
  }

  /// Repetitions inside repetitions multiply.
  std::string repeated(const std::string& atom, int outer) {
    std::string mark;
    int most = 1;
    if (take('*')) {
      mark = "*";
    } else if (take('+')) {
      mark = "+";
    } else if (take('?')) {
      mark = "?";
    } else if (take('{')) {
      const auto least = find_count();
      const bool open = take(',');
      const auto end = open ? find_count() : least;
      if (!least || !take('}')) refuse("{ stands for itself only behind a backslash");
      most = std::max(end.value_or(*least), 1);
      mark = "{" + std::to_string(*least) + (open ? "," : "") +
             (open && end ? std::to_string(*end) : "") + "}";
    }
    if (!mark.empty()) take('?');  // greedy or not, the texts are the same
    const int inner = repetitions_;
    if (most > kMostRepetitions || most * inner > kMostRepetitions) {
      refuse("it repeats more than " + std::to_string(kMostRepetitions) + " times");
    }
    repetitions_ = std::max(outer, most * inner);
    return atom + mark;
  }

  std::string_view whole_;
  std::string_view rest_;
  int depth_ = 0;
  int repetitions_ = 1;
};

}  // namespace

std::string translate_pattern(std::string_view pattern) {
  return Translator(pattern).translate();
}

}  // namespace hailstone::engines::llama
