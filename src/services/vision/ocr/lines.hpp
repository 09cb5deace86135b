// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From regions with text and what a network read in them to lines of words. Pure.

#include <array>
#include <vector>

#include "inference/read_session.hpp"
#include "services/vision/picture/upload/photo.hpp"
#include "vision/text/text_line.hpp"

namespace hailstone::ocr {

/// Top left, top right, bottom right, bottom left, as the text is read; pixels of the picture.
using Corners = std::array<media::Point, 4>;

/// What is half as high again as wide is a line from top to bottom: its right edge is the top of
/// its letters (PaddleOCR's get_rotate_crop_image).
Corners turn_upright(const Corners& corners) noexcept;

/// Of the straightened region: the longer of opposite edges, at least one pixel.
picture::Size line_size(const Corners& corners) noexcept;

/// The words between blanks. Each begins and ends half way to the blanks' own places; its box is
/// upright, its confidence the line's. used: which part of the network's input the line was, from 0
/// to 1; the rest was padding.
inference::ReadLine make_line(const vision::TextLine& line, const Corners& corners, double used);

/// Lines in reading order. What stands close beside each other becomes one line, and a gap higher
/// than a line begins a paragraph.
std::vector<inference::ReadLine> arrange(const std::vector<inference::ReadLine>& lines);

}  // namespace hailstone::ocr
