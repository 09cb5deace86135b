// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Masks as COCO writes them. Pure; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/shapes.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/results.hpp"

namespace hailstone::vision {

/// Lengths of the runs of 0 and 1 in turn, column by column, beginning with zeros (the first may be
/// 0): an uncompressed "counts".
std::vector<std::uint32_t> count_runs(const Mask& mask);

/// The mask of a part of a picture as runs of the whole picture of width x height. Parts outside
/// are left away.
std::vector<std::uint32_t> count_runs(const Mask& mask, int x, int y, int width, int height);

/// The compressed "counts", as maskApi.c of cocoapi writes them.
std::string compress_runs(std::span<const std::uint32_t> runs);

/// The inverse, at most max_runs of them. Throws Error(kBadRequest) for what compress_runs cannot
/// have written.
std::vector<std::uint32_t> parse_runs(std::string_view text, std::size_t max_runs = 1 << 24);

/// The inverse of count_runs. Throws Error(kBadRequest) unless the runs sum up to width * height.
Mask paint_runs(std::span<const std::uint32_t> runs, int width, int height);

/// How many pixels are 1.
std::int64_t area(const Mask& mask) noexcept;

/// Outer outlines with at least three corners, along the pixels' edges, moved by (x, y); tolerance
/// (pixels) is how far the simplified outline may be off, 0: every corner stays.
std::vector<std::vector<media::Point>> find_polygons(const Mask& mask, double x = 0, double y = 0,
                                                     double tolerance = 1);

}  // namespace hailstone::vision
