// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What holds for any bytes in any picture format.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fuzz/attempt.hpp"
#include "media/codec/decode.hpp"

namespace hailstone::media::testing {

inline void require(bool fact) {
  if (!fact) std::abort();
}

/// A picture or an Error; a picture is as large as it says, and never larger than allowed.
inline void decode_anything(const std::string& bytes) {
  constexpr std::int64_t kMaxPixels = 1 << 16;
  fuzz::attempt([&] { read_image_header(bytes); });
  for (const int needed : {0, 5, 40}) {
    fuzz::attempt([&] {
      const DecodeOptions options{needed, needed, Sides::kBoth, kMaxPixels, std::size_t{1} << 20};
      const auto decoded = decode_image(bytes, options);
      const auto& [width, height, pixels] = decoded.image;
      require(pixels.size() == std::size_t{3} * width * height);
      require(std::int64_t{decoded.header.width} * decoded.header.height <= kMaxPixels);
      require(width > 0 && width <= decoded.header.width);
      require(height > 0 && height <= decoded.header.height);
      require(width >= std::min(needed, decoded.header.width));
    });
  }
}

}  // namespace hailstone::media::testing
