// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/text.hpp"

#include <algorithm>
#include <iterator>

#include "base/strings.hpp"

namespace hailstone::cli {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

struct Range {
  char32_t first;
  char32_t last;
};

// The blocks that matter, not the whole Unicode table: terminals disagree on the rest anyway.
constexpr Range kZeroWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489},  {0x0591, 0x05BD},
                                {0x064B, 0x065F}, {0x200B, 0x200F},  {0x202A, 0x202E},
                                {0x2060, 0x2064}, {0x20D0, 0x20F0},  {0xFE00, 0xFE0F},
                                {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF}};
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x2E80, 0x303E},
                           {0x3041, 0xA4CF},   {0xA960, 0xA97C},   {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
                           {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};

template <std::size_t n>
bool is_in(const Range (&ranges)[n], char32_t c) noexcept {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::size_t sequence_length(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

char32_t code_point(std::string_view bytes) noexcept {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return lead;
  char32_t value = lead & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

bool is_control(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view bytes = text.substr(0, sequence_length(text));
    if (!is_valid_utf8(bytes)) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    const char32_t c = code_point(bytes);
    if (!is_control(c) || c == '\n' || c == '\t') out += bytes;
    text.remove_prefix(bytes.size());
  }
  return out;
}

std::string printable_line(std::string_view text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

Glyph first_glyph(std::string_view text) noexcept {
  const std::string_view bytes = text.substr(0, sequence_length(text));
  const char32_t c = code_point(bytes);
  return Glyph{bytes, is_in(kZeroWidth, c) ? 0 : is_in(kWide, c) ? 2 : 1};
}

int display_width(std::string_view text) noexcept {
  int width = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    width += glyph.cells;
    text.remove_prefix(glyph.bytes.size());
  }
  return width;
}

}  // namespace hailstone::cli
