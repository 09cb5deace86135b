// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How the wire files of this room read and write JSON.

#include <nlohmann/json.hpp>

#include <algorithm>
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
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::kEngineFailed, "a frame of the engine host cannot be read",
                error.what());
  }
}

Json parse_json(const Frame& frame);

/// Text that an engine makes is repaired where it is not UTF-8.
std::string dump_repaired(const Json& json);
/// Text of a client is refused. Throws Error(kBadRequest).
std::string dump_strict(const Json& json);

/// Throws Error(kEngineFailed) outside of the limits.
std::int64_t integer(const Json& json, std::int64_t least, std::int64_t most);

template <typename Integer>
Integer integer(const Json& json) {
  constexpr auto kMost = std::min<std::uint64_t>(std::numeric_limits<Integer>::max(), INT64_MAX);
  return static_cast<Integer>(
      integer(json, static_cast<std::int64_t>(std::numeric_limits<Integer>::min()),
              static_cast<std::int64_t>(kMost)));
}

/// JSON has no infinity and no NaN.
inline double finite(double number) noexcept {
  if (std::isnan(number)) return 0;
  return std::clamp(number, -std::numeric_limits<double>::max(),
                    std::numeric_limits<double>::max());
}

inline std::string text_at(const Json& json, const char* name) {
  return json.at(name).get<std::string>();
}

template <typename Element, typename Read>
std::vector<Element> list_of(const Json& json, Read&& read) {
  std::vector<Element> list;
  for (const auto& element : json.get_ref<const Json::array_t&>()) list.push_back(read(element));
  return list;
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
