// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON requests, read with types. All wire files read through this, so that every API of ours
// refuses bad input in the same words, with the path of the field: "messages[2].content must be a
// string, got a number". A field that is null is absent; fields that nobody asks for are ignored.
//
//   const auto body = parse_json_object(request.body);
//   const Fields fields(body);
//   chat.model = fields.required_string("model");
//   chat.stream = fields.find_bool("stream").value_or(true);
//   for (const Fields& message : fields.find_objects("messages").value_or({})) ...
//
// Everything here throws Error(kBadRequest) on input that is not as it should be, and nothing else.

#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace hailstone::http {

/// Objects keep their fields in order: what is only passed on reaches the other side as it came.
using Json = nlohmann::ordered_json;

/// How deep objects and arrays may be nested.
inline constexpr int kMaxJsonDepth = 64;

/// Any JSON value. Refuses: nothing at all ("missing request body"), broken JSON (with the place),
/// more than kMaxJsonDepth levels, numbers that no double can hold. Bytes in strings that are no
/// UTF-8, and halves of surrogate pairs, become U+FFFD.
Json parse_json(std::string_view text);

/// The same, and it must be an object.
Json parse_json_object(std::string_view text);

/// 5 and 5.0, also -0.0; nothing for 5.5, 1e308, "5", true.
std::optional<std::int64_t> find_integer(const Json& value);

/// "a string", "a number", "an object", ...: for messages.
std::string_view kind_of(const Json& value) noexcept;

/// Compact; what is not UTF-8 in strings becomes U+FFFD, so that it never throws for content.
std::string to_text(const Json& value);

/// A view of one JSON object, which must outlive it. A value.
class Fields {
 public:
  /// path stands before the names in messages: "options", "messages[2]"; empty at the root. Throws
  /// if value is not an object.
  explicit Fields(const Json& value, std::string path = {});
  explicit Fields(Json&& value, std::string path = {}) = delete;

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The value as it is, for fields of several types; null where absent or JSON null.
  const Json* find(std::string_view name) const;
  const Json& required(std::string_view name) const;

  /// "model is required" where absent or empty.
  std::string required_string(std::string_view name) const;

  std::optional<std::string> find_string(std::string_view name) const;
  std::optional<bool> find_bool(std::string_view name) const;
  std::optional<std::int64_t> find_int(
      std::string_view name, std::int64_t min = std::numeric_limits<std::int64_t>::min(),
      std::int64_t max = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<double> find_double(std::string_view name,
                                    double min = std::numeric_limits<double>::lowest(),
                                    double max = std::numeric_limits<double>::max()) const;
  std::optional<Fields> find_object(std::string_view name) const;
  /// An array; look at its items with find_integer() and the like, and refuse with wrong_item().
  const Json* find_array(std::string_view name) const;
  std::optional<std::vector<Fields>> find_objects(std::string_view name) const;
  std::optional<std::vector<std::string>> find_strings(std::string_view name) const;

  const Json& json() const noexcept { return *object_; }
  const std::string& path() const noexcept { return path_; }
  /// "options.stop", as messages name it.
  std::string path_of(std::string_view name) const;

  /// To be thrown: "format must be "json" or a schema, got a number".
  Error wrong(std::string_view name, std::string_view expected) const;
  Error wrong_item(std::string_view name, std::size_t index, std::string_view expected) const;

 private:
  std::string path_of_item(std::string_view name, std::size_t index) const;
  Error wrong_number(std::string_view name, const std::string& expected) const;

  const Json* object_;
  std::string path_;
};

}  // namespace hailstone::http
