// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/wire_schema.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace hailstone::engines::hailo {
namespace {

using Json = nlohmann::json;
using Violation = std::optional<std::string>;

/// A schema may refer to itself for ever.
constexpr int kDeepest = 64;

Json parse_schema(const std::string& text) {
  auto schema = Json::parse(text, nullptr, false);
  if (schema.is_object()) return schema;
  throw Error(ErrorCode::kBadRequest, "the schema is not a JSON object");
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "integer") {
    return value.is_number_integer() ||
           (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
  }
  const std::array<std::pair<std::string_view, bool>, 6> kinds = {{{"object", value.is_object()},
                                                                   {"array", value.is_array()},
                                                                   {"string", value.is_string()},
                                                                   {"number", value.is_number()},
                                                                   {"boolean", value.is_boolean()},
                                                                   {"null", value.is_null()}}};
  return std::any_of(kinds.begin(), kinds.end(),
                     [type](const auto& kind) { return kind.first == type && kind.second; });
}

class Checker {
 public:
  explicit Checker(const Json& root) : root_(root) {}

  Violation check(const Json& value, const Json& schema, const std::string& path, int depth) const {
    if (!schema.is_object() || depth > kDeepest) return std::nullopt;
    if (const auto* target = find_reference(schema)) return check(value, *target, path, depth + 1);
    if (auto wrong = check_type(value, schema, path)) return wrong;
    if (auto wrong = check_choice(value, schema, path)) return wrong;
    if (auto wrong = check_alternatives(value, schema, path, depth)) return wrong;
    if (value.is_object()) return check_object(value, schema, path, depth);
    if (!value.is_array() || !schema.contains("items")) return std::nullopt;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string place = path + "[" + std::to_string(i) + "]";
      if (auto wrong = check(value[i], schema["items"], place, depth + 1)) return wrong;
    }
    return std::nullopt;
  }

 private:
  const Json* find_reference(const Json& schema) const {
    const auto reference = schema.find("$ref");
    if (reference == schema.end() || !reference->is_string()) return nullptr;
    const auto text = reference->get<std::string>();
    if (text == "#") return &root_;
    if (!text.starts_with("#/")) return nullptr;
    const Json* at = &root_;
    for (std::size_t begin = 2; begin <= text.size();) {
      const auto end = std::min(text.find('/', begin), text.size());
      const auto found = at->is_object() ? at->find(text.substr(begin, end - begin)) : at->end();
      if (found == at->end()) return nullptr;
      at = &*found;
      begin = end + 1;
    }
    return at;
  }

  static Violation check_type(const Json& value, const Json& schema, const std::string& path) {
    const auto type = schema.find("type");
    if (type == schema.end()) return std::nullopt;
    const Json types = type->is_array() ? *type : Json::array({*type});
    const bool fits = std::any_of(types.begin(), types.end(), [&](const Json& one) {
      return one.is_string() && has_type(value, one.get<std::string>());
    });
    if (fits) return std::nullopt;
    return path + ": of type " + types.dump() + " is wanted";
  }

  static Violation check_choice(const Json& value, const Json& schema, const std::string& path) {
    if (const auto choices = schema.find("enum"); choices != schema.end() && choices->is_array()) {
      if (std::find(choices->begin(), choices->end(), value) == choices->end()) {
        return path + ": one of " + choices->dump() + " is wanted";
      }
    }
    if (const auto only = schema.find("const"); only != schema.end() && *only != value) {
      return path + ": " + only->dump() + " is wanted";
    }
    return std::nullopt;
  }

  Violation check_alternatives(const Json& value, const Json& schema, const std::string& path,
                               int depth) const {
    if (const auto all = schema.find("allOf"); all != schema.end() && all->is_array()) {
      for (const auto& one : *all) {
        if (auto wrong = check(value, one, path, depth + 1)) return wrong;
      }
    }
    for (const char* const word : {"anyOf", "oneOf"}) {
      const auto any = schema.find(word);
      if (any == schema.end() || !any->is_array() || any->empty()) continue;
      const bool fits = std::any_of(any->begin(), any->end(), [&](const Json& one) {
        return !check(value, one, path, depth + 1);
      });
      if (!fits) return path + ": none of the alternatives fits";
    }
    return std::nullopt;
  }

  Violation check_object(const Json& value, const Json& schema, const std::string& path,
                         int depth) const {
    const auto required = schema.find("required");
    if (required != schema.end() && required->is_array()) {
      for (const auto& name : *required) {
        if (name.is_string() && !value.contains(name.get<std::string>())) {
          return path + "." + name.get<std::string>() + ": is missing";
        }
      }
    }
    const Json properties = schema.value("properties", Json::object());
    const bool is_closed =
        schema.contains("additionalProperties") && schema["additionalProperties"] == Json(false);
    for (const auto& [name, part] : value.items()) {
      const std::string place = path + "." + name;
      if (properties.is_object() && properties.contains(name)) {
        if (auto wrong = check(part, properties[name], place, depth + 1)) return wrong;
      } else if (is_closed) {
        return place + ": is not wanted";
      }
    }
    return std::nullopt;
  }

  const Json& root_;
};

}  // namespace

std::optional<std::string> find_violation(const std::string& json, const std::string& schema) {
  const Json wanted = parse_schema(schema);
  const auto value = Json::parse(json, nullptr, false);
  if (value.is_discarded()) return "$: is no JSON";
  return Checker(wanted).check(value, wanted, "$", 0);
}

char first_character(const std::string& schema) {
  const Json wanted = parse_schema(schema);
  const auto type = wanted.find("type");
  return type != wanted.end() && *type == Json("array") ? '[' : '{';
}

}  // namespace hailstone::engines::hailo
