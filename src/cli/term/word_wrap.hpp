// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Breaks a text between words while it streams. A word is shown as it comes; if it turns out not to
// fit, it is taken back and written on the next line.

#include <string>
#include <string_view>

namespace hailstone::cli {

/// A value; pure.
class WordWrap {
 public:
  /// columns: of the terminal; 0: nothing is broken.
  explicit WordWrap(int columns) noexcept : width_(columns > kMargin ? columns - kMargin : 0) {}

  /// What to write to the terminal for this piece of printable text.
  std::string put(std::string_view piece);

 private:
  // A terminal that has filled its last cell counts columns in its own way; so never fill it.
  static constexpr int kMargin = 1;

  void put_blank(char blank, std::string& out);
  void put_glyph(std::string_view bytes, int cells, std::string& out);

  int width_;
  int column_ = 0;
  std::string word_;  ///< the unfinished word at the end of the line
  int word_cells_ = 0;
};

}  // namespace hailstone::cli
