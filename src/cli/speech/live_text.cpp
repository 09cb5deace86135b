// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speech/live_text.hpp"

#include <ostream>

#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kClearLine = "\r\x1B[K";
constexpr int kFewestColumns = 20;

}  // namespace

void LiveText::partial(std::string_view text) {
  if (!console_.out_is_terminal) return;
  std::string line = printable_line(text);
  const int room = std::max(kFewestColumns, console_.columns()) - 2;
  while (display_width(line) > room) line.erase(0, first_glyph(line).bytes.size());
  console_.out << kClearLine << dimmed(console_, line) << std::flush;
  is_partial_ = true;
}

void LiveText::final(std::string_view text) {
  clear();
  console_.out << printable_line(text) << '\n' << std::flush;
}

void LiveText::clear() {
  if (is_partial_) console_.out << kClearLine << std::flush;
  is_partial_ = false;
}

}  // namespace hailstone::cli
