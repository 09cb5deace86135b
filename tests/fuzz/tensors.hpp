// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tensors out of a fuzzer's bytes: any type, any shape of up to 64 Ki elements, and sometimes bytes
// that do not fit. tests/reference/fuzz_seeds.py writes the same form.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "inference/tensor_session.hpp"

namespace hailstone::fuzz {

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::size_t left() const noexcept { return size_; }

  /// 0 after the end.
  std::uint8_t byte() noexcept {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }

  std::uint16_t word() noexcept {
    const unsigned low = byte();
    return static_cast<std::uint16_t>(low | byte() << 8U);
  }

  std::vector<std::byte> take(std::size_t count) {
    count = std::min(count, size_);
    std::vector<std::byte> taken(count);
    if (count > 0) std::memcpy(taken.data(), data_, count);
    data_ += count;
    size_ -= count;
    return taken;
  }

  std::string text(std::size_t count) {
    const auto bytes = take(count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

/// Type, rank, extents of 16 bits (65535: -1), then the data; missing bytes are zeros unless the
/// type's highest bit says to leave them away.
inline inference::Tensor make_tensor(Bytes& bytes) {
  constexpr std::size_t kMost = 1 << 16;
  const std::uint8_t kind = bytes.byte();
  inference::Tensor tensor{{"t", static_cast<inference::ElementType>(kind % 6), {}}, {}};
  std::size_t count = 1;
  for (int rank = bytes.byte() % 6; rank > 0; --rank) {
    const auto extent = bytes.word();
    tensor.info.shape.push_back(extent == 65535 ? -1 : extent);
    count = extent != 0 && count > kMost / extent ? kMost + 1 : count * extent;
  }
  const std::size_t size = std::min(count, kMost) * size_of(tensor.info.type);
  auto data = bytes.take(size);
  if (kind < 128) data.resize(size);
  tensor.data = std::move(data);
  return tensor;
}

/// A find, not a refusal.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace hailstone::fuzz
