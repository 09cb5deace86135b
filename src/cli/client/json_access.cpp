// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/json_access.hpp"

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

Json parse_object(std::string_view text, const std::string& who) {
  Json value = Json::parse(text, nullptr, false);
  if (!value.is_object()) {
    throw Error(ErrorCode::kEngineFailed, who + " does not answer in JSON",
                "Is it Hailstone or Ollama that listens there?");
  }
  return value;
}

std::string dump(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string text_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t number_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

bool truth_of(const Json& object, const char* key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

const Json& object_of(const Json& object, const char* key) {
  static const Json empty = Json::object();
  const Json* value = find(object, key);
  return value != nullptr && value->is_object() ? *value : empty;
}

const Json& array_of(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json* value = find(object, key);
  return value != nullptr && value->is_array() ? *value : empty;
}

}  // namespace hailstone::cli
