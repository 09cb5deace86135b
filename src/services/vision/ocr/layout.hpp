// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines, gathered into what pages are made of. Pure.

#include <span>
#include <string>
#include <vector>

#include "inference/read_session.hpp"

namespace hailstone::ocr {

/// Whole pixels, as Tesseract counts them.
struct PixelRect {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

struct Paragraph {
  PixelRect box;
  std::span<const inference::ReadLine> lines;
};

struct Block {
  PixelRect box;
  std::vector<Paragraph> paragraphs;
};

/// Words with a blank between.
std::string text_of(const inference::ReadLine& line);
/// Mean of its words; 0 without any.
double confidence_of(const inference::ReadLine& line) noexcept;

PixelRect pixels_of(const media::Box& box) noexcept;

/// The lines must outlive it. Neighbouring lines of one block number and one paragraph number
/// belong together; lines without words are left out by who writes them.
std::vector<Block> gather_blocks(const std::vector<inference::ReadLine>& lines);

}  // namespace hailstone::ocr
