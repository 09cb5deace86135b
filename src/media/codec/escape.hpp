// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Leaving a C library by longjmp without stepping over anything that has a destructor.

#include <csetjmp>
#include <cstdio>

namespace hailstone::media {

struct Escape {
  std::jmp_buf point;
  char message[200] = "";

  [[noreturn]] void leave() { std::longjmp(point, 1); }
  [[noreturn]] void leave(const char* reason) {
    std::snprintf(message, sizeof message, "%s", reason);
    leave();
  }
};

/// Whether step() ended on its own; false: something in it called escape.leave(). The step and all
/// that it calls must own nothing that needs a destructor, and must not throw.
template <typename Step>
bool completes(Escape& escape, const Step& step) {
  if (setjmp(escape.point) != 0) return false;
  step();
  return true;
}

}  // namespace hailstone::media
