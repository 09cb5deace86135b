// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the wire files of this room read and write JSON.

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "hosting/protocol/frame.hpp"

namespace hailstone::hosting {

using Json = nlohmann::json;

/// Runs what may stumble over JSON; its exceptions do not leave this room.
template <typename Action>
auto reading(Action&& action) {
  try {
    return action();
  } catch (const Json::exception&) {  // the library's words say nothing to a reader
    throw UnreadableFrame("it is not what the operation's frame looks like");
  }
}

Json parse_json(const Frame& frame);

/// Text that an engine makes is repaired where it is not UTF-8.
std::string dump_repaired(const Json& json);
/// Text of a client is refused. Throws Error(kBadRequest).
std::string dump_strict(const Json& json);

// What reads a field throws UnreadableFrame that names it, what was expected and what there is.

[[noreturn]] void refuse_field(const char* name, const std::string& expected, const Json& got);

const Json& field_at(const Json& json, const char* name);

/// Null where it is missing.
inline const Json* find_field(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

std::string text_of(const Json& json, const char* name);
bool flag_of(const Json& json, const char* name);
double number_of(const Json& json, const char* name);
std::int64_t integer_of(const Json& json, const char* name, std::int64_t least, std::int64_t most);

template <typename Integer>
Integer integer_of(const Json& json, const char* name) {
  constexpr auto kMost = std::min<std::uint64_t>(std::numeric_limits<Integer>::max(), INT64_MAX);
  return static_cast<Integer>(
      integer_of(json, name, static_cast<std::int64_t>(std::numeric_limits<Integer>::min()),
                 static_cast<std::int64_t>(kMost)));
}

inline std::string text_at(const Json& json, const char* name) {
  return text_of(field_at(json, name), name);
}
inline bool flag_at(const Json& json, const char* name) {
  return flag_of(field_at(json, name), name);
}
inline double number_at(const Json& json, const char* name) {
  return number_of(field_at(json, name), name);
}
template <typename Integer>
Integer integer_at(const Json& json, const char* name) {
  return integer_of<Integer>(field_at(json, name), name);
}

inline std::string text_or(const Json& json, const char* name, const char* fallback = "") {
  const Json* found = find_field(json, name);
  return found == nullptr ? fallback : text_of(*found, name);
}
inline bool flag_or(const Json& json, const char* name, bool fallback) {
  const Json* found = find_field(json, name);
  return found == nullptr ? fallback : flag_of(*found, name);
}
inline double number_or(const Json& json, const char* name, double fallback) {
  const Json* found = find_field(json, name);
  return found == nullptr ? fallback : number_of(*found, name);
}
template <typename Integer>
Integer integer_or(const Json& json, const char* name, Integer fallback) {
  const Json* found = find_field(json, name);
  return found == nullptr ? fallback : integer_of<Integer>(*found, name);
}

/// What read makes of the field; what it cannot read is told with the field's name.
template <typename Read>
auto part_of(const Json& json, const char* name, Read&& read) {
  try {
    return read(json);
  } catch (const UnreadableFrame& error) {
    throw error.inside(name);
  }
}
template <typename Read>
auto part_at(const Json& json, const char* name, Read&& read) {
  return part_of(field_at(json, name), name, read);
}

/// One of a list of words, in the order of an enumeration.
template <typename Enum, std::size_t size>
Enum word_at(const Json& json, const char* name, const std::array<std::string_view, size>& words) {
  const std::string word = text_at(json, name);
  std::string known;
  for (std::size_t i = 0; i < size; ++i) {
    if (words[i] == word) return static_cast<Enum>(i);
    known += (i == 0 ? "" : ", ") + std::string(words[i]);
  }
  refuse_field(name, "one of " + known, word);
}

inline const Json::object_t& object_of(const Json& json, const char* name) {
  if (!json.is_object()) refuse_field(name, "an object", json);
  return json.get_ref<const Json::object_t&>();
}

/// read: of an element; what it cannot read is told with the element's place.
template <typename Element, typename Read>
std::vector<Element> list_of(const Json& json, const char* name, Read&& read) {
  if (!json.is_array()) refuse_field(name, "a list", json);
  std::vector<Element> list;
  for (const auto& element : json) {
    try {
      list.push_back(read(element));
    } catch (const UnreadableFrame& error) {
      throw error.inside(std::string(name) + "[" + std::to_string(list.size()) + "]");
    }
  }
  return list;
}

template <typename Element, typename Read>
std::vector<Element> list_at(const Json& json, const char* name, Read&& read) {
  return list_of<Element>(field_at(json, name), name, read);
}
/// None where it is missing.
template <typename Element, typename Read>
std::vector<Element> list_or_none(const Json& json, const char* name, Read&& read) {
  const Json* found = find_field(json, name);
  return found == nullptr ? std::vector<Element>() : list_of<Element>(*found, name, read);
}

inline std::string as_text(const Json& json) {
  return text_of(json, "");
}
inline double as_number(const Json& json) {
  return number_of(json, "");
}
template <typename Integer>
Integer as_integer(const Json& json) {
  return integer_of<Integer>(json, "");
}

/// JSON has no infinity and no NaN.
inline double finite(double number) noexcept {
  if (std::isnan(number)) return 0;
  return std::clamp(number, -std::numeric_limits<double>::max(),
                    std::numeric_limits<double>::max());
}

/// Takes the parts off a payload, in order; the frame outlives it. Throws Error(kEngineFailed)
/// where it is too short.
class PayloadReader {
 public:
  explicit PayloadReader(const Frame& frame) noexcept
      : payload_(frame.payload), rest_(frame.payload) {}

  std::span<const std::byte> take(std::uint64_t size);
  /// Without a copy where numbers of any type may lie there.
  inference::SharedBytes take_shared(std::uint64_t size);
  std::string take_string(std::uint64_t size);
  std::vector<float> take_floats(std::uint64_t count);
  std::size_t size() const noexcept { return rest_.size(); }

 private:
  const inference::SharedBytes& payload_;
  std::span<const std::byte> rest_;
};

inline std::span<const std::byte> bytes_of(const std::string& text) noexcept {
  return std::as_bytes(std::span(text));
}

}  // namespace hailstone::hosting
