// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any bytes are a picture or an Error, and so are they with the checksums that belong to them: else
// no change would come past the first one.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "media/codec/testing/decode_anything.hpp"

namespace {

std::size_t read_big_endian(const std::string& bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

/// CRC-32, bit by bit.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t sum = ~0U;
  for (const char byte : bytes) {
    sum ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320U : 0);
  }
  return ~sum;
}

/// A chunk is its length, four letters, the data, and a checksum over letters and data.
void repair_checksums(std::string& png) {
  constexpr std::size_t kMark = 8;
  for (std::size_t at = kMark; at + 12 <= png.size();) {
    const std::size_t length = read_big_endian(png, at);
    if (length > png.size() - at - 12) return;
    const auto sum = checksum(std::string_view(png).substr(at + 4, length + 4));
    for (int i = 0; i < 4; ++i) png[at + 8 + length + i] = static_cast<char>(sum >> (24 - 8 * i));
    at += 12 + length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  hailstone::media::testing::decode_anything(bytes);
  repair_checksums(bytes);
  hailstone::media::testing::decode_anything(bytes);
  return 0;
}
