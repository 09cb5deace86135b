// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/layout.hpp"

#include <algorithm>
#include <cmath>

namespace hailstone::ocr {
namespace {

using inference::ReadLine;

PixelRect unite(const PixelRect& a, const PixelRect& b) noexcept {
  const int left = std::min(a.left, b.left);
  const int top = std::min(a.top, b.top);
  return {left, top, std::max(a.left + a.width, b.left + b.width) - left,
          std::max(a.top + a.height, b.top + b.height) - top};
}

Paragraph make_paragraph(std::span<const ReadLine> lines) {
  Paragraph paragraph{pixels_of(lines.front().box), lines};
  for (const auto& line : lines) paragraph.box = unite(paragraph.box, pixels_of(line.box));
  return paragraph;
}

}  // namespace

std::string text_of(const ReadLine& line) {
  std::string text;
  for (const auto& word : line.words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

double confidence_of(const ReadLine& line) noexcept {
  if (line.words.empty()) return 0;
  double sum = 0;
  for (const auto& word : line.words) sum += word.confidence;
  return sum / static_cast<double>(line.words.size());
}

PixelRect pixels_of(const media::Box& box) noexcept {
  const auto round = [](double value) { return static_cast<int>(std::lround(value)); };
  const int left = round(box.x);
  const int top = round(box.y);
  return {left, top, round(box.x + box.width) - left, round(box.y + box.height) - top};
}

std::vector<Block> gather_blocks(const std::vector<ReadLine>& lines) {
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < lines.size();) {
    std::size_t end = begin + 1;
    const auto is_same = [&](const ReadLine& line) {
      return line.block == lines[begin].block && line.paragraph == lines[begin].paragraph;
    };
    while (end < lines.size() && is_same(lines[end])) ++end;
    Paragraph paragraph = make_paragraph(std::span(lines).subspan(begin, end - begin));
    const bool opens_block = begin == 0 || lines[begin - 1].block != lines[begin].block;
    if (opens_block) blocks.push_back({paragraph.box, {}});
    blocks.back().box = unite(blocks.back().box, paragraph.box);
    blocks.back().paragraphs.push_back(paragraph);
    begin = end;
  }
  return blocks;
}

}  // namespace hailstone::ocr
