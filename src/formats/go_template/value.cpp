// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/value.hpp"

#include <array>

namespace hailstone::go_template {

Value::Value(std::vector<Value> items, std::string shown) {
  const std::size_t count = items.size();
  data_ = List{std::make_shared<const std::vector<Value>>(std::move(items)),
               shown.empty() ? nullptr : std::make_shared<const std::string>(std::move(shown)), 0,
               count};
}

Value::Value(Record record) : data_(std::make_shared<const Record>(std::move(record))) {}

const Value& Value::item(std::size_t index) const {
  const List& list = std::get<List>(data_);
  return (*list.all)[list.begin + index];
}

Value Value::items(std::size_t begin, std::size_t end) const {
  const List& list = std::get<List>(data_);
  Value part;
  part.data_ = List{list.all, nullptr, list.begin + begin, list.begin + end};
  return part;
}

const std::string& Value::shown() const {
  static const std::string kNothing;
  const List& list = std::get<List>(data_);
  return list.shown ? *list.shown : kNothing;
}

std::size_t Value::size() const noexcept {
  if (const auto* text = std::get_if<Text>(&data_)) return (*text)->size();
  if (const auto* list = std::get_if<List>(&data_)) return list->end - list->begin;
  if (const auto* record = std::get_if<Shared>(&data_)) return (*record)->fields.size();
  return 0;
}

bool Value::holds() const noexcept {
  switch (kind()) {
    case Kind::kNil:
      return false;
    case Kind::kBool:
      return *std::get_if<bool>(&data_);
    case Kind::kInt:
      return *std::get_if<std::int64_t>(&data_) != 0;
    case Kind::kFloat:
      return *std::get_if<double>(&data_) != 0;
    case Kind::kText:
    case Kind::kList:
      return size() > 0;
    case Kind::kRecord:
      return (*std::get_if<Shared>(&data_))->shape == Record::Shape::kStruct || size() > 0;
  }
  return false;
}

const Value* Record::find(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view name_of(Value::Kind kind) noexcept {
  constexpr std::array<std::string_view, 7> kNames = {"nil",  "bool", "int", "float",
                                                      "text", "list", "map"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace hailstone::go_template
