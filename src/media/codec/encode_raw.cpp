// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <bit>
#include <cassert>
#include <cstddef>
#include <functional>
#include <numeric>

#include "media/codec/encode.hpp"

namespace hailstone::media {
namespace {

static_assert(std::endian::native == std::endian::little, "both formats are written as they lie");

void append(std::string& to, const void* values, std::size_t bytes) {
  to.append(static_cast<const char*>(values), bytes);
}

/// The header's length is a multiple of 64, filled with blanks: so says the format.
std::string npy_header(const char* type, std::span<const std::int64_t> shape) {
  std::string text = std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (";
  for (const auto side : shape) text += std::to_string(side) + ", ";
  text += "), }";
  constexpr std::size_t kMagic = 10;
  while ((kMagic + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

template <typename Value>
std::string write_npy(const char* type, std::span<const Value> values,
                      std::span<const std::int64_t> shape) {
  assert(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()) ==
         static_cast<std::int64_t>(values.size()));
  auto bytes = npy_header(type, shape);
  append(bytes, values.data(), values.size_bytes());
  return bytes;
}

}  // namespace

std::string encode_pfm(const Plane<float>& plane) {
  std::string bytes =
      "Pf\n" + std::to_string(plane.width) + " " + std::to_string(plane.height) + "\n-1.0\n";
  const std::size_t width = plane.width;
  bytes.reserve(bytes.size() + plane.values.size() * sizeof(float));
  for (std::size_t row = plane.height; row-- > 0;) {
    append(bytes, plane.values.data() + row * width, width * sizeof(float));
  }
  return bytes;
}

std::string encode_npy(std::span<const float> values, std::span<const std::int64_t> shape) {
  return write_npy("<f4", values, shape);
}

std::string encode_npy(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape) {
  return write_npy("|u1", values, shape);
}

std::string encode_npy(std::span<const std::uint16_t> values, std::span<const std::int64_t> shape) {
  return write_npy("<u2", values, shape);
}

}  // namespace hailstone::media
