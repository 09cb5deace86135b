// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <iostream>
#include <string>

namespace hailstone::cli {
namespace {

int terminal_columns() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Console process_console(bool plain) {
  Console console{std::cin, std::cout, std::cerr};
  console.in_is_terminal = ::isatty(STDIN_FILENO) != 0;
  console.out_is_terminal = ::isatty(STDOUT_FILENO) != 0;
  console.err_is_terminal = ::isatty(STDERR_FILENO) != 0;
  console.styled = console.out_is_terminal && !plain;
  if (console.styled) console.columns = terminal_columns;
  return console;
}

std::string dimmed(const Console& console, const std::string& text) {
  return console.styled ? "\x1b[90m" + text + "\x1b[0m" : text;
}

std::ostream* spinner_stream(const Console& console) {
  return console.styled && console.err_is_terminal ? &console.err : nullptr;
}

}  // namespace hailstone::cli
