// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a template works with: the values of Go that JSON has, and its structs.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hailstone::go_template {

struct Record;

/// Immutable and cheap to copy: texts, lists and records are shared. A value.
class Value {
 public:
  enum class Kind { kNil, kBool, kInt, kFloat, kText, kList, kRecord };

  Value() = default;
  Value(bool value) : data_(value) {}
  Value(int value) : data_(static_cast<std::int64_t>(value)) {}
  Value(std::int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(std::string value) : data_(std::make_shared<const std::string>(std::move(value))) {}
  Value(std::string_view value) : Value(std::string(value)) {}
  Value(const char* value) : Value(std::string(value)) {}
  /// shown: what stands for the list where it is printed or written as JSON; empty: its items.
  Value(std::vector<Value> items, std::string shown = {});
  Value(Record record);

  Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
  bool is(Kind kind) const noexcept { return this->kind() == kind; }

  // Of a value of that kind only.
  bool as_bool() const { return std::get<bool>(data_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(data_); }
  double as_float() const { return std::get<double>(data_); }
  const std::string& text() const { return *std::get<Text>(data_); }
  const Record& record() const { return *std::get<Shared>(data_); }
  const Value& item(std::size_t index) const;
  /// A part of a list; end may not lie before begin, nor behind the list's.
  Value items(std::size_t begin, std::size_t end) const;
  /// Of a list: what shall stand for it; empty: its items.
  const std::string& shown() const;

  /// Of a text (in bytes), a list, a record; 0 for anything else.
  std::size_t size() const noexcept;

  /// As in Go's conditions: not false, zero, nil or empty. A struct always holds.
  bool holds() const noexcept;

 private:
  struct List {
    std::shared_ptr<const std::vector<Value>> all;
    std::shared_ptr<const std::string> shown;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  using Text = std::shared_ptr<const std::string>;
  using Shared = std::shared_ptr<const Record>;

  std::variant<std::monostate, bool, std::int64_t, double, Text, List, Shared> data_;
};

/// A map or a struct of Go's. Asking a map for what it does not have gives nil, asking a struct is
/// an error. The order is that of its JSON; a range goes by name.
struct Record {
  enum class Shape { kMap, kStruct };

  Shape shape = Shape::kMap;
  std::vector<std::pair<std::string, Value>> fields;
  std::string shown = {};  ///< stands for it where it is printed or written as JSON

  const Value* find(std::string_view name) const noexcept;
  void set(std::string name, Value value) {
    fields.emplace_back(std::move(name), std::move(value));
  }
};

/// "text", "list", ...: for messages.
std::string_view name_of(Value::Kind kind) noexcept;

}  // namespace hailstone::go_template
