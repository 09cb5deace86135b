// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/wire_schema.hpp"

#include <array>
#include <string>

#include "base/error.hpp"

namespace hailstone::engines::llama {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxText = 256 << 10;
constexpr int kMaxDepth = 64;
constexpr int kMaxNodes = 20'000;
constexpr std::size_t kMaxAlternatives = 1000;
constexpr double kMaxRepetitions = 2000;

constexpr std::array<std::string_view, 6> kRepetitions = {
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"};
constexpr std::array<std::string_view, 4> kAlternatives = {"enum", "anyOf", "oneOf", "allOf"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  for (const std::string_view candidate : names) {
    if (name == candidate) return true;
  }
  return false;
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kBadRequest, "the JSON schema " + what);
}

class Inspection {
 public:
  void visit(const json& node, int depth) {
    if (depth > kMaxDepth) refuse("is nested too deeply");
    if (++nodes_ > kMaxNodes) refuse("is too large");
    if (node.is_object()) {
      for (const auto& [key, value] : node.items()) {
        check(key, value);
        visit(value, depth + 1);
      }
    } else if (node.is_array()) {
      for (const json& value : node) visit(value, depth + 1);
    }
  }

 private:
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

  int nodes_ = 0;
  std::size_t alternatives_ = 0;
};

}  // namespace

json parse_schema(std::string_view text) {
  if (text.size() > kMaxText) refuse("is too large");
  json schema = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!schema.is_object()) refuse("is not a JSON object");
  Inspection().visit(schema, 0);
  return schema;
}

}  // namespace hailstone::engines::llama
