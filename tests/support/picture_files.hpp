// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures of the test assets, read with leptonica: for tests of engines that have it.

#include <leptonica/allheaders.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include "media/image.hpp"

namespace hailstone::testing_support {

struct PixDeleter {
  void operator()(Pix* pix) const noexcept { pixDestroy(&pix); }
};
using PixPointer = std::unique_ptr<Pix, PixDeleter>;

inline media::Image to_image(Pix* pix) {
  const PixPointer rgb(pixConvertTo32(pix));
  if (!rgb) throw std::runtime_error("no picture");
  media::Image image{pixGetWidth(rgb.get()), pixGetHeight(rgb.get()), {}};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      l_int32 channels[3] = {};
      pixGetRGBPixel(rgb.get(), x, y, &channels[0], &channels[1], &channels[2]);
      for (const auto value : channels) image.pixels.push_back(static_cast<std::uint8_t>(value));
    }
  }
  return image;
}

inline PixPointer read_pix(const std::filesystem::path& file) {
  PixPointer pix(pixRead(file.c_str()));
  if (!pix) throw std::runtime_error("no picture in " + file.native());
  return pix;
}

inline media::Image read_picture(const std::filesystem::path& file) {
  return to_image(read_pix(file).get());
}

/// Where the test assets are, if they are.
inline std::optional<std::filesystem::path> find_assets() {
  const char* assets = std::getenv("HAILSTONE_TEST_ASSETS");
  if (assets == nullptr || *assets == 0) return std::nullopt;
  return std::filesystem::path(assets);
}

}  // namespace hailstone::testing_support
