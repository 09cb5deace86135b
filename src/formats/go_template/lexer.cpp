// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "formats/go_template/quoted.hpp"

namespace hailstone::go_template {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool is_blank(char c) noexcept {
  return kBlank.find(c) != std::string_view::npos;
}

bool is_letter(char c) noexcept {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_name(char c) noexcept {
  return is_letter(c) || is_digit(c);
}

std::optional<Value> find_number(std::string text) {
  std::erase(text, '_');
  const bool negative = text.starts_with('-');
  std::string_view digits = text;
  if (negative || text.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.size() > 2 && digits[0] == '0') {
    const char kind = static_cast<char>(digits[1] | 0x20);
    if (kind == 'x') base = 16;
    if (kind == 'o') base = 8;
    if (kind == 'b') base = 2;
    if (base != 10) digits.remove_prefix(2);
  }
  // 017 is octal, 0.17 and 09.5 are floats.
  const bool plain = digits.find_first_not_of("01234567") == std::string_view::npos;
  if (base == 10 && digits.size() > 1 && digits[0] == '0' && plain) base = 8;
  const char* end = digits.data() + digits.size();
  std::int64_t whole = 0;
  const auto read = std::from_chars(digits.data(), end, whole, base);
  if (read.ec == std::errc() && read.ptr == end) return Value(negative ? -whole : whole);
  double number = 0;
  const auto real = std::from_chars(digits.data(), end, number);
  if (base != 10 || real.ec != std::errc() || real.ptr != end || !is_digit(digits.back())) {
    return std::nullopt;
  }
  return Value(negative ? -number : number);
}

/// One template, from its front.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  std::vector<Part> cut() {
    std::vector<Part> parts;
    bool more = true;
    while (more) {
      Part part;
      more = cut_part(part);
      parts.push_back(std::move(part));
    }
    return parts;
  }

 private:
  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    line_ += static_cast<int>(std::count(taken.begin(), taken.end(), '\n'));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::size_t blanks() const noexcept {
    return std::min(rest_.find_first_not_of(kBlank), rest_.size());
  }

  bool cut_part(Part& part) {
    part.text_line = line_;
    const auto open = rest_.find("{{");
    part.text = take(std::min(open, rest_.size()));
    if (open == std::string_view::npos) return false;
    take(2);
    part.line = line_;
    // Go wants a blank between a trim marker and the action: {{-3}} is a number.
    if (rest_.size() >= 2 && rest_[0] == '-' && is_blank(rest_[1])) {
      part.text.resize(part.text.find_last_not_of(kBlank) + 1);
      take(1);
    }
    if (const auto inside = blanks(); rest_.substr(inside).starts_with("/*")) {
      take(inside);
      skip_comment(part.line);
    } else {
      read_action(part);
    }
    return true;
  }

  void skip_comment(int line) {
    const auto end = rest_.find("*/");
    if (end == std::string_view::npos) fail(line, "a comment is not closed");
    take(end + 2);
    if (!close()) fail(line, "something stands behind a comment");
  }

  /// Over "}}" or " -}}", where it stands here.
  bool close() {
    if (rest_.starts_with("}}")) {
      take(2);
      return true;
    }
    const auto at = blanks();
    if (at > 0 && rest_.substr(at).starts_with("-}}")) {
      take(at + 3);
      take(blanks());
      return true;
    }
    if (at > 0 && rest_.substr(at).starts_with("}}")) {
      take(at + 2);
      return true;
    }
    return false;
  }

  void read_action(Part& part) {
    for (;;) {
      if (close()) break;
      Token token;
      const auto at = blanks();
      token.spaced = at > 0;
      take(at);
      if (rest_.empty()) fail(part.line, "an action is not closed");
      token.line = line_;
      read_token(token);
      part.action.push_back(std::move(token));
    }
    part.action.push_back({Token::Kind::kEnd, "", {}, false, line_});
  }

  void read_token(Token& token) {
    const char c = rest_.front();
    const char next = rest_.size() > 1 ? rest_[1] : '\0';
    if (c == '"' || c == '`' || c == '\'') return read_quoted(token);
    if (c == '$') return read_named(token, Token::Kind::kVariable, 1);
    if (c == '.' && is_letter(next)) return read_named(token, Token::Kind::kField, 1);
    const bool signs = (c == '+' || c == '-' || c == '.') && (is_digit(next) || next == '.');
    if (is_digit(c) || signs) return read_number(token);
    if (is_letter(c)) return read_named(token, Token::Kind::kWord, 0);
    if (c == '.') {
      token.kind = Token::Kind::kDot;
      token.text = take(1);
      return;
    }
    token.kind = Token::Kind::kMark;
    const std::string_view marks = "()|,=";
    if (rest_.starts_with(":=")) {
      token.text = take(2);
    } else if (marks.find(c) != std::string_view::npos) {
      token.text = take(1);
    } else {
      fail(line_, "unexpected " + std::string(utf8_prefix(rest_, 8)) + " in an action");
    }
  }

  void read_named(Token& token, Token::Kind kind, std::size_t skip) {
    std::size_t end = skip;
    while (end < rest_.size() && is_name(rest_[end])) ++end;
    token.kind = kind;
    token.text = take(end);
    if (kind == Token::Kind::kField) token.text.erase(0, 1);
    const std::string_view terminators = ".,|:)(=";
    const bool ends = rest_.empty() || is_blank(rest_.front()) || rest_.starts_with("}}") ||
                      terminators.find(rest_.front()) != std::string_view::npos;
    if (!ends) fail(line_, "unexpected character behind " + token.text);
  }

  void read_number(Token& token) {
    std::size_t end = 1;
    const auto belongs = [&](char c) {
      const bool exponent = (c == '+' || c == '-') && (rest_[end - 1] | 0x20) == 'e' &&
                            !rest_.starts_with("0x") && !rest_.starts_with("0X");
      return is_name(c) || c == '.' || exponent;
    };
    while (end < rest_.size() && belongs(rest_[end])) ++end;
    const std::string text(take(end));
    const auto number = find_number(text);
    if (!number) fail(line_, "bad number: " + std::string(utf8_prefix(text, 40)));
    token.kind = Token::Kind::kConstant;
    token.text = text;
    token.constant = *number;
  }

  void read_quoted(Token& token) {
    const char quote = rest_.front();
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != quote) {
      if (rest_[end] == '\n' && quote != '`') end = rest_.size();
      end += quote != '`' && end < rest_.size() && rest_[end] == '\\' ? 2 : 1;
    }
    if (end >= rest_.size()) fail(line_, "a text in quotes is not closed");
    const int line = line_;
    const std::string_view whole = take(end + 1);
    const std::string_view inside = whole.substr(1, whole.size() - 2);
    token.kind = Token::Kind::kConstant;
    token.text = whole;
    if (quote == '`') {
      std::string raw(inside);
      std::erase(raw, '\r');
      token.constant = Value(std::move(raw));
      return;
    }
    const auto text = find_unquoted(inside);
    if (!text) fail(line, "bad escape in " + std::string(utf8_prefix(whole, 40)));
    if (quote == '"') {
      token.constant = Value(*text);
      return;
    }
    const auto character = find_character(*text);
    if (!character) fail(line, "not one character: " + std::string(utf8_prefix(whole, 40)));
    token.constant = Value(static_cast<std::int64_t>(*character));
  }

  std::string_view rest_;
  int line_ = 1;
};

}  // namespace

void fail(int line, const std::string& why) {
  throw Error(ErrorCode::kBadRequest, "template: line " + std::to_string(line) + ": " + why);
}

std::vector<Part> cut_template(std::string_view text) {
  return Lexer(text).cut();
}

}  // namespace hailstone::go_template
