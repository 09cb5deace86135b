// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/wire_schema.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "engines/llama/pattern.hpp"

namespace hailstone::engines::llama {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kMaxText = 256 << 10;
constexpr int kMaxDepth = 64;
constexpr int kMaxNodes = 20'000;
constexpr std::size_t kMaxAlternatives = 1000;
constexpr double kMaxRepetitions = 2000;
/// Of alternatives in alternatives: a grammar that may begin in so many ways is tried in all of
/// them.
constexpr double kMaxProduct = 10'000;
/// The rules for an object's optional properties grow with the square of their number, because each
/// may be the first: 1500 of them took llama-server 11 s, 3500 a minute.
constexpr std::size_t kMaxSquares = 256 * 256;

constexpr std::array<std::string_view, 6> kRepetitions = {
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"};
/// What stands there is no schema.
constexpr std::array<std::string_view, 4> kValues = {"const", "default", "enum", "examples"};
constexpr std::array<std::string_view, 4> kAlternatives = {"enum", "anyOf", "oneOf", "allOf"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  for (const std::string_view candidate : names) {
    if (name == candidate) return true;
  }
  return false;
}

class Inspection {
 public:
  /// subject: what is looked at, for people.
  explicit Inspection(std::string subject) : subject_(std::move(subject)) {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::kBadRequest, subject_ + " " + what);
  }

  /// product: of the alternatives that lead to the node.
  void visit(const json& node, int depth, double product = 1) {
    if (product > kMaxProduct) {
      refuse("has alternatives in alternatives that multiply to more than 10000");
    }
    if (depth > kMaxDepth) refuse("is nested too deeply");
    if (++nodes_ > kMaxNodes) refuse("is too large");
    if (node.is_object()) {
      count_optional(node);
      for (const auto& [key, value] : node.items()) {
        check(key, value);
        visit(value, depth + 1, product * ways_of(key, value));
      }
    } else if (node.is_array()) {
      for (const json& value : node) visit(value, depth + 1, product);
    }
  }

 private:
  static double ways_of(const std::string& key, const json& value) {
    const bool is_choice = value.is_array() && (key == "anyOf" || key == "oneOf");
    return is_choice ? std::max<double>(1, static_cast<double>(value.size())) : 1;
  }

  void count_optional(const json& node) {
    const auto properties = node.find("properties");
    if (properties == node.end() || !properties->is_object()) return;
    const auto required = node.find("required");
    const std::size_t needed =
        required != node.end() && required->is_array() ? required->size() : 0;
    const std::size_t optional = properties->size() - std::min(needed, properties->size());
    squares_ += optional * optional;
    if (squares_ > kMaxSquares) {
      refuse(
          "has too many optional properties: at most 256 in one object, or fewer in several; "
          "name those that always come as required");
    }
  }

  void check(const std::string& key, const json& value) {
    if (value.is_number() && is_one_of(key, kRepetitions) &&
        value.get<double>() > kMaxRepetitions) {
      refuse("has a " + key + " above 2000, which cannot be enforced");
    }
    if (value.is_array() && is_one_of(key, kAlternatives)) {
      alternatives_ += value.size();
      if (alternatives_ > kMaxAlternatives) refuse("has more than 1000 alternatives");
    }
  }

  const std::string subject_;
  int nodes_ = 0;
  std::size_t squares_ = 0;
  std::size_t alternatives_ = 0;
};

/// The schema has been inspected: it is not too deep.
void spell_out_patterns(json& node) {
  if (node.is_array()) {
    for (json& value : node) spell_out_patterns(value);
  } else if (node.is_object()) {
    for (auto&& [key, value] : node.items()) {
      if (key == "pattern" && value.is_string()) {
        value = translate_pattern(value.get_ref<const std::string&>());
      }
      if (!is_one_of(key, kValues)) spell_out_patterns(value);
    }
  }
}

}  // namespace

json parse_schema(std::string_view text) {
  Inspection inspection("the JSON schema");
  if (text.size() > kMaxText) inspection.refuse("is too large");
  json schema = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!schema.is_object()) inspection.refuse("is not a JSON object");
  inspection.visit(schema, 0);
  spell_out_patterns(schema);
  return schema;
}

void check_tools(const json& tools) {
  Inspection("the JSON schema of the tools").visit(tools, 0);
}

}  // namespace hailstone::engines::llama
