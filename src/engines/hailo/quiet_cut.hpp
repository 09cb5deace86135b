// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace hailstone::engines::hailo {

/// How many of the samples (16 kHz) the next piece has, at most so many: all that are there where
/// they fit, else up to the quietest moment of the last third. Pure.
std::size_t find_quiet_cut(std::span<const float> samples, std::size_t most) noexcept;

}  // namespace hailstone::engines::hailo
