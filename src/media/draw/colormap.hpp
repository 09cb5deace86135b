// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Maps of numbers (depth, disparity) as pictures.

#include <cstdint>
#include <optional>
#include <string_view>

#include "media/image.hpp"
#include "media/plane.hpp"

namespace hailstone::media {

enum class Colormap : std::uint8_t { kViridis, kPlasma, kMagma, kInferno, kTurbo, kJet, kGray };

/// "viridis", "plasma", "magma", "inferno", "turbo", "jet", "gray".
std::string_view to_string(Colormap map) noexcept;
std::optional<Colormap> find_colormap(std::string_view name) noexcept;

struct ValueRange {
  float low = 0;
  float high = 1;
};

/// Of the finite values; nothing where there is none.
std::optional<ValueRange> find_range(const Plane<float>& plane);

/// low is the map's first colour, high (which may be the smaller of the two) its last, what is
/// beyond is clamped; not finite is black. Pure.
Image colorize(const Plane<float>& plane, const ValueRange& range, Colormap map);

/// low to 1, high to 65535; 0 is what is not finite, as depth cameras write it. Pure.
Plane<std::uint16_t> normalize_to_16_bit(const Plane<float>& plane, const ValueRange& range);

}  // namespace hailstone::media
