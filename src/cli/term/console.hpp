// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the command line reads and writes, as a value that tests replace.

#include <functional>
#include <iosfwd>
#include <string>

namespace hailstone::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool styled = false;  ///< out understands and may get escape sequences
  std::function<int()> columns = [] { return 0; };  ///< of out; 0: not a terminal
};

/// The process's own streams. plain: no styles even on a terminal.
Console process_console(bool plain);

/// text in grey where the console is styled.
std::string dimmed(const Console& console, const std::string& text);

/// Where a spinner may turn; null where nobody would see it.
std::ostream* spinner_stream(const Console& console);

}  // namespace hailstone::cli
