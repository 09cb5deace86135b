// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include "media/codec/stored.hpp"

#include "base/error.hpp"

namespace hailstone::media {

void flatten(const std::uint8_t* rgba, std::size_t pixels, std::uint8_t* rgb) noexcept {
  for (; pixels > 0; --pixels, rgba += 4, rgb += 3) {
    const int alpha = rgba[3];
    for (int c = 0; c < 3; ++c) {
      rgb[c] = static_cast<std::uint8_t>((rgba[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
}

void refuse_broken(ImageFormat format, const std::string& reason) {
  throw Error(ErrorCode::kBadRequest,
              "the " + std::string(to_string(format)) + " picture is broken: " + reason);
}

void refuse_incomplete(ImageFormat format, std::size_t size, const std::string& where) {
  throw Error(ErrorCode::kBadRequest,
              "the " + std::string(to_string(format)) + " picture ends too early: after " +
                  std::to_string(size) + " bytes" + (where.empty() ? "" : ", " + where),
              "send the whole file");
}

}  // namespace hailstone::media
