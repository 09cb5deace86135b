// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/printing.hpp"

#include <algorithm>
#include <utility>

#include "formats/go_template/float_text.hpp"
#include "formats/go_template/quoted.hpp"

namespace hailstone::go_template {
namespace {

using Kind = Value::Kind;

/// Fields by name, as Go prints and ranges over maps.
std::vector<const std::pair<std::string, Value>*> sorted(const Record& record) {
  std::vector<const std::pair<std::string, Value>*> fields;
  fields.reserve(record.fields.size());
  for (const auto& field : record.fields) fields.push_back(&field);
  std::stable_sort(fields.begin(), fields.end(),
                   [](auto* a, auto* b) { return a->first < b->first; });
  return fields;
}

void print_to(std::string& out, const Value& value);

void print_list(std::string& out, const Value& list) {
  if (!list.shown().empty()) {
    out += list.shown();
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ' ';
    print_to(out, list.item(i));
  }
  out += ']';
}

void print_record(std::string& out, const Record& record) {
  if (!record.shown.empty()) {
    out += record.shown;
    return;
  }
  const bool is_map = record.shape == Record::Shape::kMap;
  out += is_map ? "map[" : "{";
  bool first = true;
  const auto put = [&](const std::pair<std::string, Value>& field) {
    if (!std::exchange(first, false)) out += ' ';
    if (is_map) out.append(field.first).append(":");
    print_to(out, field.second);
  };
  if (is_map) {
    for (const auto* field : sorted(record)) put(*field);
  } else {
    for (const auto& field : record.fields) put(field);
  }
  out += is_map ? ']' : '}';
}

void print_to(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNil:
      out += "<nil>";
      return;
    case Kind::kBool:
      out += value.as_bool() ? "true" : "false";
      return;
    case Kind::kInt:
      out += std::to_string(value.as_int());
      return;
    case Kind::kFloat:
      out += float_text(value.as_float(), 'g', -1);
      return;
    case Kind::kText:
      out += value.text();
      return;
    case Kind::kList:
      return print_list(out, value);
    case Kind::kRecord:
      return print_record(out, value.record());
  }
}

void write_text(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto escape = [&](char32_t c) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[c >> shift & 15U];
  };
  out += '"';
  while (!text.empty()) {
    const char32_t c = take_character(text);
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
    const auto at = c < 0x80 ? kShort.find(static_cast<char>(c)) : std::string_view::npos;
    if (at != std::string_view::npos) {
      out += '\\';
      out += "\"\\bfnrt"[at];
    } else if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
      escape(c);
    } else {
      append_utf8(out, c);
    }
  }
  out += '"';
}

void write_to(std::string& out, const Value& value);

void write_list(std::string& out, const Value& list) {
  if (!list.shown().empty()) {
    out += list.shown();
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    write_to(out, list.item(i));
  }
  out += ']';
}

void write_record(std::string& out, const Record& record) {
  if (!record.shown.empty()) {
    out += record.shown;
    return;
  }
  out += '{';
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (i > 0) out += ',';
    write_text(out, record.fields[i].first);
    out += ':';
    write_to(out, record.fields[i].second);
  }
  out += '}';
}

void write_to(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::kNil:
      out += "null";
      return;
    case Kind::kFloat:
      out += float_text(value.as_float(), 'j', -1);
      return;
    case Kind::kText:
      return write_text(out, value.text());
    case Kind::kList:
      return write_list(out, value);
    case Kind::kRecord:
      return write_record(out, value.record());
    case Kind::kBool:
    case Kind::kInt:
      return print_to(out, value);
  }
}

}  // namespace

std::string print(const Value& value) {
  std::string out;
  print_to(out, value);
  return out;
}

std::string print_all(const std::vector<Value>& values) {
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && !values[i].is(Kind::kText) && !values[i - 1].is(Kind::kText)) out += ' ';
    print_to(out, values[i]);
  }
  return out;
}

std::string write_json(const Value& value) {
  std::string out;
  write_to(out, value);
  return out;
}

}  // namespace hailstone::go_template
