// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// fmt.Sprintf.

#include <algorithm>
#include <cmath>

#include "formats/go_template/float_text.hpp"
#include "formats/go_template/printing.hpp"
#include "formats/go_template/quoted.hpp"

namespace hailstone::go_template {
namespace {

using Kind = Value::Kind;

/// What may stand between % and the verb.
struct Directive {
  bool minus = false;
  bool plus = false;
  bool sharp = false;
  bool space = false;
  bool zero = false;
  int width = 0;
  int precision = -1;
  char32_t verb = 0;
};

/// Go itself takes no more.
constexpr int kMostWidth = 1'000'000;
/// Here a template must not make much out of nothing.
constexpr int kMostPadding = 10'000;

int take_count(std::string_view& rest) {
  int count = 0;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    count = std::min(count * 10 + (rest.front() - '0'), kMostWidth);
    rest.remove_prefix(1);
  }
  return std::min(count, kMostPadding);
}

Directive take_directive(std::string_view& rest) {
  Directive directive;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    const char flag = rest.front();
    if (flag == '-') {
      directive.minus = true;
    } else if (flag == '+') {
      directive.plus = true;
    } else if (flag == '#') {
      directive.sharp = true;
    } else if (flag == ' ') {
      directive.space = true;
    } else if (flag == '0') {
      directive.zero = true;
    } else {
      break;
    }
  }
  directive.width = take_count(rest);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    directive.precision = take_count(rest);
  }
  if (!rest.empty()) directive.verb = take_character(rest);
  return directive;
}

std::size_t characters_of(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) take_character(text);
  return count;
}

std::string padded(std::string text, const Directive& directive) {
  const std::size_t length = characters_of(text);
  const auto width = static_cast<std::size_t>(directive.width);
  if (length >= width) return text;
  const std::size_t missing = width - length;
  if (directive.minus) return text + std::string(missing, ' ');
  if (!directive.zero) return std::string(missing, ' ') + text;
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  return text.insert(has_sign ? 1 : 0, missing, '0');
}

std::string_view go_type(const Value& value) {
  switch (value.kind()) {
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kFloat:
      return "float64";
    case Kind::kText:
      return "string";
    case Kind::kList:
      return "[]interface {}";
    case Kind::kRecord:
      return "map[string]interface {}";
    case Kind::kNil:
      break;
  }
  return "<nil>";
}

std::string bad_verb(const Directive& directive, const Value& value) {
  std::string out = "%!";
  append_utf8(out, directive.verb);
  if (value.is(Kind::kNil)) return out + "(<nil>)";
  return out.append("(").append(go_type(value)).append("=").append(print(value)).append(")");
}

std::string with_sign(std::string text, const Directive& directive) {
  if (text.starts_with('-')) return text;
  if (directive.plus && !text.starts_with('+')) return '+' + text;
  if (directive.space) return ' ' + text;
  return text;
}

std::string whole(std::int64_t value, unsigned base, bool upper) {
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  auto rest = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string out;
  do {
    out += digits[rest % base];
    rest /= base;
  } while (rest > 0);
  if (value < 0) out += '-';
  std::reverse(out.begin(), out.end());
  return out;
}

std::string format_int(const Directive& directive, const Value& value) {
  const std::int64_t number = value.as_int();
  switch (directive.verb) {
    case 'v':
    case 'd':
      return with_sign(whole(number, 10, false), directive);
    case 'b':
      return whole(number, 2, false);
    case 'o':
      return whole(number, 8, false);
    case 'x':
    case 'X': {
      std::string out = whole(number, 16, directive.verb == 'X');
      if (directive.sharp) out.insert(number < 0 ? 1 : 0, directive.verb == 'X' ? "0X" : "0x");
      return out;
    }
    case 'c':
    case 'q': {
      std::string out;
      append_utf8(out, number < 0 ? 0xFFFD : static_cast<char32_t>(number));
      return directive.verb == 'c' ? out : '\'' + out + '\'';
    }
    case 'U': {
      std::string digits = whole(number, 16, true);
      return "U+" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
    }
    default:
      return bad_verb(directive, value);
  }
}

std::string format_float(const Directive& directive, const Value& value) {
  switch (directive.verb) {
    case 'v':
    case 'g':
    case 'G':
      return with_sign(float_text(value.as_float(), 'g', directive.precision), directive);
    case 'e':
    case 'E':
      return with_sign(float_text(value.as_float(), 'e', directive.precision), directive);
    case 'f':
    case 'F':
      return with_sign(float_text(value.as_float(), 'f', directive.precision), directive);
    default:
      return bad_verb(directive, value);
  }
}

std::string hex_of(std::string_view text, bool upper) {
  std::string out;
  const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  for (const char c : text) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string format_text(const Directive& directive, const std::string& text, const Value& value) {
  std::string_view kept = text;
  if (directive.precision >= 0) {
    std::string_view rest = text;
    for (int i = 0; i < directive.precision && !rest.empty(); ++i) take_character(rest);
    kept = kept.substr(0, text.size() - rest.size());
  }
  switch (directive.verb) {
    case 'v':
      if (directive.sharp) return quote(kept);
      return std::string(kept);
    case 's':
      return std::string(kept);
    case 'q':
      return quote(kept);
    case 'x':
    case 'X':
      return hex_of(kept, directive.verb == 'X');
    default:
      return bad_verb(directive, value);
  }
}

std::string format_value(const Directive& directive, const Value& value) {
  if (directive.verb == 'T') return std::string(go_type(value));
  switch (value.kind()) {
    case Kind::kBool:
      return directive.verb == 'v' || directive.verb == 't' ? print(value)
                                                            : bad_verb(directive, value);
    case Kind::kInt:
      return format_int(directive, value);
    case Kind::kFloat:
      return format_float(directive, value);
    case Kind::kText:
      return format_text(directive, value.text(), value);
    case Kind::kList:
    case Kind::kRecord:
      return format_text(directive, print(value), value);
    case Kind::kNil:
      break;
  }
  return directive.verb == 'v' ? "<nil>" : bad_verb(directive, value);
}

}  // namespace

std::string print_format(std::string_view format, const Value* first, std::size_t count) {
  std::string out;
  std::size_t used = 0;
  while (!format.empty()) {
    const auto percent = std::min(format.find('%'), format.size());
    out += format.substr(0, percent);
    format.remove_prefix(percent);
    if (format.empty()) break;
    format.remove_prefix(1);
    const Directive directive = take_directive(format);
    if (directive.verb == '%') {
      out += '%';
    } else if (directive.verb == 0) {
      out += "%!(NOVERB)";
    } else if (used >= count) {
      out += "%!";
      append_utf8(out, directive.verb);
      out += "(MISSING)";
    } else {
      out += padded(format_value(directive, first[used++]), directive);
    }
  }
  if (used >= count) return out;
  out += "%!(EXTRA ";
  for (std::size_t i = used; i < count; ++i) {
    if (i > used) out += ", ";
    const bool is_nil = first[i].is(Kind::kNil);
    out += go_type(first[i]);
    if (!is_nil) out.append("=").append(print(first[i]));
  }
  return out + ")";
}

}  // namespace hailstone::go_template
