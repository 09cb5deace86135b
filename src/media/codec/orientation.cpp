// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/orientation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hailstone::media {
namespace {

/// A TIFF structure; what lies beyond its end reads as 0.
class Tiff {
 public:
  Tiff(std::string_view bytes, bool big_endian) noexcept : bytes_(bytes), big_(big_endian) {}

  std::uint32_t read(std::size_t at, std::size_t length) const noexcept {
    if (at > bytes_.size() || length > bytes_.size() - at) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes_[at + (big_ ? i : length - 1 - i)]);
      value = value << 8 | byte;
    }
    return value;
  }

 private:
  std::string_view bytes_;
  bool big_;
};

/// Of the whole numbers: readers of TIFF take any of them where one is wanted. 0: none of them.
std::size_t size_of_type(std::uint32_t type) noexcept {
  constexpr std::uint32_t kByte = 1;
  constexpr std::uint32_t kShort = 3;
  constexpr std::uint32_t kLong = 4;
  if (type == kByte) return 1;
  if (type == kShort) return 2;
  return type == kLong ? 4 : 0;
}

/// Copies in squares, so that both pictures stay in the cache while the axes change places.
void copy_turned(const Image& from, const Turn& turn, Image& to) noexcept {
  constexpr int kSquare = 32;
  std::ptrdiff_t step_x = turn.swaps_axes ? from.width : 1;
  std::ptrdiff_t step_y = turn.swaps_axes ? 1 : from.width;
  std::ptrdiff_t first = 0;
  if (turn.flips_x) first += (to.width - 1) * step_x, step_x = -step_x;
  if (turn.flips_y) first += (to.height - 1) * step_y, step_y = -step_y;
  for (int top = 0; top < to.height; top += kSquare) {
    for (int left = 0; left < to.width; left += kSquare) {
      const int right = std::min(left + kSquare, to.width);
      for (int y = top; y < std::min(top + kSquare, to.height); ++y) {
        auto* out = to.pixels.data() + (std::size_t{3} * y * to.width + std::size_t{3} * left);
        for (int x = left; x < right; ++x, out += 3) {
          std::memcpy(out, from.pixels.data() + 3 * (first + x * step_x + y * step_y), 3);
        }
      }
    }
  }
}

}  // namespace

int find_exif_orientation(std::string_view exif) noexcept {
  constexpr std::string_view kPrefix("Exif\0", 5);  // a byte of padding follows, mostly 0
  constexpr std::size_t kEntry = 12;
  if (exif.starts_with(kPrefix)) exif.remove_prefix(std::min(kPrefix.size() + 1, exif.size()));
  const bool big = exif.starts_with(std::string_view("MM\0*", 4));
  if (!big && !exif.starts_with(std::string_view("II*\0", 4))) return 1;
  const Tiff tiff(exif, big);
  const std::size_t directory = tiff.read(4, 4);
  const std::size_t entries = tiff.read(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (tiff.read(entry, 2) != 0x0112) continue;
    const std::size_t size = size_of_type(tiff.read(entry + 2, 2));
    if (size == 0) continue;
    const auto value = tiff.read(entry + 8, size);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Turn turn_of(int orientation) noexcept {
  switch (orientation) {
    case 2:
      return {false, true, false};
    case 3:
      return {false, true, true};
    case 4:
      return {false, false, true};
    case 5:
      return {true, false, false};
    case 6:
      return {true, true, false};
    case 7:
      return {true, true, true};
    case 8:
      return {true, false, true};
    default:
      return {};
  }
}

Image turned(Image image, const Turn& turn) {
  if (!turn.swaps_axes && !turn.flips_x && !turn.flips_y) return image;
  Image result = turn.swaps_axes ? make_image(image.height, image.width)
                                 : make_image(image.width, image.height);
  copy_turned(image, turn, result);
  return result;
}

}  // namespace hailstone::media
