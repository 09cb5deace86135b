// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/word_wrap.hpp"

#include "cli/term/text.hpp"

namespace hailstone::cli {

std::string WordWrap::put(std::string_view piece) {
  if (width_ == 0) return std::string(piece);
  std::string out;
  while (!piece.empty()) {
    const Glyph glyph = first_glyph(piece);
    const char c = glyph.bytes.front();
    if (c == '\n') {
      out += c;
      column_ = word_cells_ = 0;
      word_.clear();
    } else if (c == ' ' || c == '\t') {
      put_blank(c, out);
    } else {
      put_glyph(glyph.bytes, glyph.cells, out);
    }
    piece.remove_prefix(glyph.bytes.size());
  }
  return out;
}

void WordWrap::put_blank(char blank, std::string& out) {
  constexpr int kTab = 8;
  const int cells = blank == '\t' ? kTab - column_ % kTab : 1;
  word_.clear();
  word_cells_ = 0;
  // A blank that does not fit is what the line break stands for.
  if (column_ + cells > width_) {
    column_ = width_;
    return;
  }
  out += blank;
  column_ += cells;
}

void WordWrap::put_glyph(std::string_view bytes, int cells, std::string& out) {
  // Scripts of wide characters have no blanks and may be broken anywhere.
  if (cells == 2) {
    word_.clear();
    word_cells_ = 0;
  }
  if (column_ + cells > width_) {
    if (word_cells_ == column_) {
      word_.clear();  // a word longer than a line is broken where it is
      word_cells_ = 0;
    }
    if (word_cells_ > 0) out += "\x1b[" + std::to_string(word_cells_) + "D\x1b[K";
    out += '\n' + word_;
    column_ = word_cells_;
  }
  out += bytes;
  column_ += cells;
  if (cells == 2) return;
  word_ += bytes;
  word_cells_ += cells;
}

}  // namespace hailstone::cli
