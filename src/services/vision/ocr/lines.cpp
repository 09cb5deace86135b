// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/lines.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace hailstone::ocr {
namespace {

using inference::ReadLine;
using media::Box;
using media::Point;

constexpr double kTurned = 1.5;   ///< height over width
constexpr double kJoinGap = 1.5;  ///< in heights of the line
constexpr double kSameRow = 0.5;  ///< how much of the lower one the two share
constexpr double kPartGap = 1.0;  ///< in heights of the line

double distance(const Point& a, const Point& b) noexcept {
  return std::hypot(a.x - b.x, a.y - b.y);
}

Point between(const Point& a, const Point& b, double share) noexcept {
  return {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

/// Around the part of the region from one share of its width to another.
Box box_of(const Corners& corners, double from, double to) {
  const Corners part = {between(corners[0], corners[1], from), between(corners[0], corners[1], to),
                        between(corners[3], corners[2], to), between(corners[3], corners[2], from)};
  const auto [left, right] = std::minmax_element(
      part.begin(), part.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(
      part.begin(), part.end(), [](const Point& a, const Point& b) { return a.y < b.y; });
  return {left->x, top->y, right->x - left->x, bottom->y - top->y};
}

Box unite(const Box& a, const Box& b) noexcept {
  const double left = std::min(a.x, b.x);
  const double top = std::min(a.y, b.y);
  return {left, top, std::max(a.x + a.width, b.x + b.width) - left,
          std::max(a.y + a.height, b.y + b.height) - top};
}

std::vector<std::string> characters_of(const std::string& text) {
  std::vector<std::string> characters;
  for (const char byte : text) {
    const bool goes_on = (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    if (goes_on && !characters.empty()) {
      characters.back() += byte;
    } else {
      characters.emplace_back(1, byte);
    }
  }
  return characters;
}

bool is_beside(const Box& left, const Box& right) noexcept {
  const double height = std::min(left.height, right.height);
  const double shared =
      std::min(left.y + left.height, right.y + right.height) - std::max(left.y, right.y);
  const double gap = right.x - (left.x + left.width);
  return shared >= height * kSameRow && gap > -height && gap < height * kJoinGap;
}

bool is_far_below(const Box& above, const Box& below) noexcept {
  const double height = std::min(above.height, below.height);
  return below.y - (above.y + above.height) > height * kPartGap;
}

}  // namespace

Corners turn_upright(const Corners& corners) noexcept {
  const picture::Size size = line_size(corners);
  if (size.height < size.width * kTurned) return corners;
  return {corners[1], corners[2], corners[3], corners[0]};
}

picture::Size line_size(const Corners& corners) noexcept {
  const double width = std::max(distance(corners[0], corners[1]), distance(corners[3], corners[2]));
  const double height =
      std::max(distance(corners[0], corners[3]), distance(corners[1], corners[2]));
  return {std::max(1, static_cast<int>(std::lround(width))),
          std::max(1, static_cast<int>(std::lround(height)))};
}

ReadLine make_line(const vision::TextLine& line, const Corners& corners, double used) {
  ReadLine out{box_of(corners, 0, 1), 0, 0, {}};
  auto characters = characters_of(line.text);
  // A character of the alphabet that is several code points: nobody knows where a word ends.
  if (characters.size() != line.positions.size()) {
    if (!line.text.empty()) out.words.push_back({line.text, out.box, line.confidence});
    return out;
  }
  const auto place = [&](std::size_t i) { return std::clamp(line.positions[i] / used, 0.0, 1.0); };
  for (std::size_t begin = 0; begin < characters.size();) {
    if (characters[begin] == " ") {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    std::string text;
    while (end < characters.size() && characters[end] != " ") text += characters[end++];
    const double from = begin == 0 ? 0 : (place(begin - 1) + place(begin)) / 2;
    const double to = end == characters.size() ? 1 : (place(end - 1) + place(end)) / 2;
    out.words.push_back({std::move(text), box_of(corners, from, to), line.confidence});
    begin = end;
  }
  return out;
}

std::vector<ReadLine> arrange(const std::vector<ReadLine>& lines) {
  std::vector<ReadLine> out;
  for (const auto& line : lines) {
    if (line.words.empty()) continue;
    if (!out.empty() && is_beside(out.back().box, line.box)) {
      ReadLine& joined = out.back();
      joined.box = unite(joined.box, line.box);
      joined.words.insert(joined.words.end(), line.words.begin(), line.words.end());
      continue;
    }
    int paragraph = 0;
    if (!out.empty()) {
      paragraph = out.back().paragraph + (is_far_below(out.back().box, line.box) ? 1 : 0);
    }
    out.push_back(line);
    out.back().paragraph = paragraph;
  }
  return out;
}

}  // namespace hailstone::ocr
