// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/request_options.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

enum class Kind { kInteger, kReal, kTruth, kTexts };

struct Parameter {
  std::string_view name;
  Kind kind;
};

constexpr std::array kParameters = {
    Parameter{"temperature", Kind::kReal},
    Parameter{"top_k", Kind::kInteger},
    Parameter{"top_p", Kind::kReal},
    Parameter{"min_p", Kind::kReal},
    Parameter{"typical_p", Kind::kReal},
    Parameter{"seed", Kind::kInteger},
    Parameter{"num_predict", Kind::kInteger},
    Parameter{"num_keep", Kind::kInteger},
    Parameter{"num_ctx", Kind::kInteger},
    Parameter{"num_batch", Kind::kInteger},
    Parameter{"num_thread", Kind::kInteger},
    Parameter{"num_gpu", Kind::kInteger},
    Parameter{"repeat_last_n", Kind::kInteger},
    Parameter{"repeat_penalty", Kind::kReal},
    Parameter{"presence_penalty", Kind::kReal},
    Parameter{"frequency_penalty", Kind::kReal},
    Parameter{"use_mmap", Kind::kTruth},
    Parameter{"stop", Kind::kTexts},
};

std::string all_names() {
  std::string names;
  for (const Parameter& parameter : kParameters) {
    names.append(names.empty() ? "" : ", ").append(parameter.name);
  }
  return names;
}

bool fits(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::kInteger:
      return value.is_number_integer();
    case Kind::kReal:
      return value.is_number();
    case Kind::kTruth:
      return value.is_boolean();
    case Kind::kTexts:
      return true;
  }
  return false;
}

const char* kind_name(Kind kind) {
  return kind == Kind::kInteger ? "a whole number"
         : kind == Kind::kReal  ? "a number"
                                : "true or false";
}

}  // namespace

Json parse_format(const std::string& text) {
  if (text.empty()) return nullptr;
  if (text == "json") return text;
  Json schema = Json::parse(text, nullptr, false);
  if (schema.is_object()) return schema;
  throw Error(ErrorCode::kBadRequest, "format: neither 'json' nor a JSON schema",
              "For example: --format json");
}

Json parse_keep_alive(const std::string& text) {
  if (text.empty()) return nullptr;
  const Json number = Json::parse(text, nullptr, false);
  return number.is_number() ? number : Json(text);
}

Json parse_parameter(const std::string& name, const std::string& value) {
  const auto found = std::find_if(kParameters.begin(), kParameters.end(),
                                  [&](const Parameter& one) { return one.name == name; });
  if (found == kParameters.end()) {
    throw Error(ErrorCode::kBadRequest, "unknown parameter '" + name + "'",
                "Parameters: " + all_names());
  }
  if (found->kind == Kind::kTexts) return Json::array({value});
  Json parsed = Json::parse(value, nullptr, false);
  if (!fits(parsed, found->kind)) {
    throw Error(ErrorCode::kBadRequest,
                name + ": '" + value + "' is not " + kind_name(found->kind));
  }
  return parsed;
}

}  // namespace hailstone::cli
