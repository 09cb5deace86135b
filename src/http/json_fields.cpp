// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/json_fields.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "http/json/repair.hpp"
#include "http/json/tree_builder.hpp"

namespace hailstone::http {
namespace {

Error bad(const std::string& message, std::string detail = {}) {
  return Error(ErrorCode::kBadRequest, message, std::move(detail));
}

std::string number_text(double value) {
  return Json(value).dump();
}

// A word says more than what it is; a long text says too much.
std::string got(const Json& value) {
  constexpr std::size_t kMostShown = 40;
  if (value.is_string() && value.get_ref<const std::string&>().size() <= kMostShown) {
    return ", got " + to_text(value);
  }
  return ", got " + std::string(kind_of(value));
}

}  // namespace

Json parse_json(std::string_view text) {
  if (trim(text).empty()) throw bad("missing request body");
  const auto repaired = repair_json(text);
  return build_json_tree(repaired ? *repaired : text, kMaxJsonDepth);
}

Json parse_json_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value.is_object()) {
    throw bad("the body must be a JSON object, got " + std::string(kind_of(value)));
  }
  return value;
}

std::optional<std::int64_t> find_integer(const Json& value) {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number > static_cast<std::uint64_t>(kMax)) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const auto number = value.get<double>();
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double skips integers
  if (std::trunc(number) != number || std::abs(number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string_view kind_of(const Json& value) noexcept {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return "a number";
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return "something else";
}

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Fields::Fields(const Json& value, std::string path) : object_(&value), path_(std::move(path)) {
  if (!value.is_object()) {
    throw bad((path_.empty() ? "the body" : path_) + " must be an object" + got(value));
  }
}

const Json* Fields::find(std::string_view name) const {
  const auto found = object_->find(name);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const Json& Fields::required(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) throw bad(path_of(name) + " is required");
  return *value;
}

std::string Fields::required_string(std::string_view name) const {
  auto text = find_string(name);
  if (!text || text->empty()) throw bad(path_of(name) + " is required");
  return *std::move(text);
}

std::optional<std::string> Fields::find_string(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) throw wrong(name, "a string");
  return value->get_ref<const std::string&>();
}

std::optional<bool> Fields::find_bool(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) throw wrong(name, "a boolean");
  return value->get<bool>();
}

std::optional<std::int64_t> Fields::find_int(std::string_view name, std::int64_t min,
                                             std::int64_t max) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto number = find_integer(*value);
  if (!number) throw wrong_number(name, "an integer");
  if (*number < min) throw wrong_number(name, "an integer of at least " + std::to_string(min));
  if (*number > max) throw wrong_number(name, "an integer of at most " + std::to_string(max));
  return number;
}

std::optional<double> Fields::find_double(std::string_view name, double min, double max) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) throw wrong_number(name, "a number");
  const auto number = value->get<double>();
  if (number < min) throw wrong_number(name, "a number of at least " + number_text(min));
  if (number > max) throw wrong_number(name, "a number of at most " + number_text(max));
  return number;
}

std::optional<Fields> Fields::find_object(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  return Fields(*value, path_of(name));
}

const Json* Fields::find_array(std::string_view name) const {
  const auto* value = find(name);
  if (value != nullptr && !value->is_array()) throw wrong(name, "an array");
  return value;
}

std::optional<std::vector<Fields>> Fields::find_objects(std::string_view name) const {
  const auto* array = find_array(name);
  if (array == nullptr) return std::nullopt;
  std::vector<Fields> objects;
  objects.reserve(array->size());
  for (const auto& item : *array) objects.emplace_back(item, path_of_item(name, objects.size()));
  return objects;
}

std::optional<std::vector<std::string>> Fields::find_strings(std::string_view name) const {
  const auto* array = find_array(name);
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> strings;
  strings.reserve(array->size());
  for (const auto& item : *array) {
    if (!item.is_string()) throw wrong_item(name, strings.size(), "a string");
    strings.push_back(item.get_ref<const std::string&>());
  }
  return strings;
}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

std::string Fields::path_of_item(std::string_view name, std::size_t index) const {
  return path_of(name) + "[" + std::to_string(index) + "]";
}

Error Fields::wrong(std::string_view name, std::string_view expected) const {
  const auto* value = find(name);
  return bad(path_of(name) + " must be " + std::string(expected) +
             (value == nullptr ? "" : got(*value)));
}

// With the value itself: "got 5.5" says more than "got a number".
Error Fields::wrong_number(std::string_view name, const std::string& expected) const {
  const auto* value = find(name);
  if (value == nullptr || !value->is_number()) return wrong(name, expected);
  return bad(path_of(name) + " must be " + expected + ", got " + to_text(*value));
}

Error Fields::wrong_item(std::string_view name, std::size_t index,
                         std::string_view expected) const {
  const auto* array = find(name);
  const bool there = array != nullptr && array->is_array() && index < array->size();
  return bad(path_of_item(name, index) + " must be " + std::string(expected) +
             (there ? got((*array)[index]) : ""));
}

}  // namespace hailstone::http
