// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that somebody else wrote, on its way to a terminal.

#include <cstddef>
#include <string>
#include <string_view>

namespace hailstone::cli {

/// text without control characters other than line feed and tab, so that no model and no server can
/// send escape sequences; bytes that are not UTF-8 become U+FFFD.
std::string printable(std::string_view text);

/// The same on one line: line feeds and tabs become blanks. For names and table cells.
std::string printable_line(std::string_view text);

/// A character at the front of valid UTF-8 text and the cells that it takes: 0, 1 or 2.
struct Glyph {
  std::string_view bytes;
  int cells = 0;
};

/// The first character of a text that is not empty.
Glyph first_glyph(std::string_view text) noexcept;

int display_width(std::string_view text) noexcept;

}  // namespace hailstone::cli
