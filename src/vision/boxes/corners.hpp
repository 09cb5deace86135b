// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Boxes that are turned. Pure; any thread.

#include <array>

#include "media/shapes.hpp"
#include "vision/results.hpp"

namespace hailstone::vision {

/// Top left, top right, bottom right, bottom left of the box before it is turned by its angle.
std::array<media::Point, 4> corners_of(const Detection& found) noexcept;

/// The smallest upright box that holds a turned one.
Box upright_box(const Detection& found) noexcept;

}  // namespace hailstone::vision
