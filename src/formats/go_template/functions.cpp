// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/functions.hpp"

#include <optional>

#include "formats/go_template/escapes.hpp"
#include "formats/go_template/lexer.hpp"
#include "formats/go_template/printing.hpp"

namespace hailstone::go_template {
namespace {

using Kind = Value::Kind;
constexpr std::size_t kAny = 10'000;

bool is_basic(const Value& value) noexcept {
  return !value.is(Kind::kNil) && !value.is(Kind::kList) && !value.is(Kind::kRecord);
}

bool equals(const Call& call, const Value& a, const Value& b) {
  for (const Value* value : {&a, &b}) {
    if (value->is(Kind::kList) || value->is(Kind::kRecord)) {
      call.fail("non-comparable type " + std::string(name_of(value->kind())));
    }
  }
  if (a.is(Kind::kNil) || b.is(Kind::kNil)) return a.kind() == b.kind();
  if (a.kind() != b.kind()) call.fail("incompatible types for comparison");
  switch (a.kind()) {
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kInt:
      return a.as_int() == b.as_int();
    case Kind::kFloat:
      return a.as_float() == b.as_float();
    default:
      return a.text() == b.text();
  }
}

bool is_less(const Call& call, const Value& a, const Value& b) {
  if (!is_basic(a) || !is_basic(b) || a.is(Kind::kBool)) call.fail("invalid type for comparison");
  if (a.kind() != b.kind()) call.fail("incompatible types for comparison");
  if (a.is(Kind::kInt)) return a.as_int() < b.as_int();
  if (a.is(Kind::kFloat)) return a.as_float() < b.as_float();
  return a.text() < b.text();
}

Value eq(const Call& call) {
  if (call.arguments.size() < 2) call.fail("missing argument for comparison");
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    if (equals(call, call.arguments[0], call.arguments[i])) return true;
  }
  return false;
}

Value ne(const Call& call) {
  call.expect(2, 2);
  return !equals(call, call.arguments[0], call.arguments[1]);
}

Value lt(const Call& call) {
  call.expect(2, 2);
  return is_less(call, call.arguments[0], call.arguments[1]);
}

Value le(const Call& call) {
  call.expect(2, 2);
  return is_less(call, call.arguments[0], call.arguments[1]) ||
         equals(call, call.arguments[0], call.arguments[1]);
}

Value gt(const Call& call) {
  return !le(call).as_bool();
}

Value ge(const Call& call) {
  return !lt(call).as_bool();
}

Value negate(const Call& call) {
  call.expect(1, 1);
  return !call.arguments[0].holds();
}

Value length(const Call& call) {
  call.expect(1, 1);
  const Value& value = call.arguments[0];
  const bool has_length = value.is(Kind::kText) || value.is(Kind::kList) ||
                          (value.is(Kind::kRecord) && value.record().shape == Record::Shape::kMap);
  if (!has_length) call.fail("len of type " + std::string(name_of(value.kind())));
  return static_cast<std::int64_t>(value.size());
}

/// An index of a sequence; most: the largest that may be.
std::size_t position(const Call& call, const Value& index, std::size_t most) {
  if (!index.is(Kind::kInt)) {
    call.fail("cannot index slice/array with type " + std::string(name_of(index.kind())));
  }
  if (index.as_int() < 0 || index.as_int() > static_cast<std::int64_t>(most)) {
    call.fail("index out of range: " + std::to_string(index.as_int()));
  }
  return static_cast<std::size_t>(index.as_int());
}

Value index_once(const Call& call, const Value& value, const Value& index) {
  if (value.is(Kind::kRecord) && value.record().shape == Record::Shape::kMap) {
    if (!index.is(Kind::kText)) call.fail("a map is indexed with a text");
    const Value* found = value.record().find(index.text());
    return found == nullptr ? Value() : *found;
  }
  if (!value.is(Kind::kList) && !value.is(Kind::kText)) {
    call.fail("can't index item of type " + std::string(name_of(value.kind())));
  }
  if (value.size() == 0) call.fail("index out of range: " + print(index));
  const std::size_t at = position(call, index, value.size() - 1);
  if (value.is(Kind::kList)) return value.item(at);
  return static_cast<int>(static_cast<unsigned char>(value.text()[at]));
}

Value index(const Call& call) {
  call.expect(1, kAny);
  Value value = call.arguments[0];
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    value = index_once(call, value, call.arguments[i]);
  }
  return value;
}

Value slice(const Call& call) {
  call.expect(1, 4);
  const Value& value = call.arguments[0];
  if (!value.is(Kind::kText) && !value.is(Kind::kList)) {
    call.fail("can't slice item of type " + std::string(name_of(value.kind())));
  }
  if (call.arguments.size() == 4 && value.is(Kind::kText)) {
    call.fail("cannot 3-index slice a string");
  }
  std::size_t bounds[3] = {0, value.size(), value.size()};
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    bounds[i - 1] = position(call, call.arguments[i], value.size());
  }
  if (bounds[0] > bounds[1] || bounds[1] > bounds[2]) {
    call.fail("invalid slice index: " + std::to_string(bounds[0]) + " > " +
              std::to_string(bounds[1]));
  }
  if (value.is(Kind::kList)) return value.items(bounds[0], bounds[1]);
  return value.text().substr(bounds[0], bounds[1] - bounds[0]);
}

Value print_values(const Call& call) {
  return print_all(call.arguments);
}

Value print_line(const Call& call) {
  std::string out;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (i > 0) out += ' ';
    out += print(call.arguments[i]);
  }
  return out + '\n';
}

Value printf_values(const Call& call) {
  call.expect(1, kAny);
  if (!call.arguments[0].is(Kind::kText)) call.fail("the format is no text");
  return print_format(call.arguments[0].text(), call.arguments.data() + 1,
                      call.arguments.size() - 1);
}

/// What html, js and urlquery escape.
std::string text_of(const Call& call) {
  call.expect(1, kAny);
  return print_all(call.arguments);
}

}  // namespace

void Call::fail(const std::string& why) const {
  go_template::fail(line, "error calling " + std::string(name) + ": " + why);
}

void Call::expect(std::size_t least, std::size_t most) const {
  const std::size_t count = arguments.size();
  if (count >= least && count <= most) return;
  fail("wrong number of arguments: want " + std::to_string(count < least ? least : most) +
       ", got " + std::to_string(count));
}

const Functions& builtin_functions() {
  static const Functions kFunctions = {
      {"eq", eq},
      {"ne", ne},
      {"lt", lt},
      {"le", le},
      {"gt", gt},
      {"ge", ge},
      {"not", negate},
      {"len", length},
      {"index", index},
      {"slice", slice},
      {"print", print_values},
      {"printf", printf_values},
      {"println", print_line},
      {"html", [](const Call& call) -> Value { return escape_html(text_of(call)); }},
      {"js", [](const Call& call) -> Value { return escape_js(text_of(call)); }},
      {"urlquery", [](const Call& call) -> Value { return escape_query(text_of(call)); }},
  };
  return kFunctions;
}

}  // namespace hailstone::go_template
