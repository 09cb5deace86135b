// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pixels to files: PNG and JPEG for people, PNG with 16 bits, PFM and NPY for programs. Pure; a
// size of zero, or one that does not fit the number of values, is the caller's mistake.

#include <cstdint>
#include <span>
#include <string>

#include "media/image.hpp"
#include "media/plane.hpp"

namespace hailstone::media {

/// 8 bits. Compressed for speed: a photo would hardly get smaller.
std::string encode_png(const Image& image);
std::string encode_png(const Plane<std::uint8_t>& gray);
/// Most significant byte first, as PNG says: what cv2.imread(..., IMREAD_UNCHANGED) gives back.
std::string encode_png(const Plane<std::uint16_t>& gray);

/// quality: 1 to 100, as libjpeg's; the colours at half the resolution (4:2:0).
std::string encode_jpeg(const Image& image, int quality = 90);

/// Portable float map, one channel: "Pf", rows bottom-up, little endian (scale -1). Middlebury's
/// format for disparity.
std::string encode_pfm(const Plane<float>& plane);

/// NumPy's format 1.0, C order, little endian; the product of the shape is values.size().
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
std::string encode_npy(std::span<const float> values, std::span<const std::int64_t> shape);
std::string encode_npy(std::span<const std::uint8_t> values, std::span<const std::int64_t> shape);
std::string encode_npy(std::span<const std::uint16_t> values, std::span<const std::int64_t> shape);

}  // namespace hailstone::media
