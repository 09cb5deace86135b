// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Walks through a protobuf of which only a few fields are wanted, without reading the rest: model
// files are large and come from strangers. Each length is checked against what encloses it.

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace hailstone::formats {

/// A stretch of the file that holds a text or a message.
struct ProtobufRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const noexcept { return end - begin; }
};

struct ProtobufField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;             ///< of a number
  std::optional<ProtobufRange> range;  ///< of everything else
};

/// One thread. The stream outlives it. All throw Error(kBadRequest) where the file is broken.
class ProtobufWalker {
 public:
  explicit ProtobufWalker(std::istream& in);

  ProtobufRange whole() const noexcept { return {0, size_}; }

  void each_field(ProtobufRange message, const std::function<void(const ProtobufField&)>& take);
  /// The sub-messages (or texts) of that number.
  void each_message(ProtobufRange message, std::uint64_t number,
                    const std::function<void(ProtobufRange)>& take);

  /// The numbers of a packed field.
  void each_number(ProtobufRange packed, const std::function<void(std::uint64_t)>& take);

  /// Empty where it is longer than any name or description, 1 MiB.
  std::string text(ProtobufRange range);

 private:
  void go_to(std::uint64_t position);
  std::uint64_t number(std::uint64_t& at, std::uint64_t end);
  ProtobufField read_field(std::uint64_t& at, std::uint64_t end);

  std::istream& in_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;  // of the stream
};

}  // namespace hailstone::formats
