// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that is heard again and again while it grows: which part of it will stay. Pure.

#include <cstddef>
#include <string>

namespace hailstone::engines::whisper {

/// Two runs that agree make text stable; it does not become shorter again.
class Agreement {
 public:
  /// How many bytes of the newest text are stable: whole words alone.
  std::size_t add(const std::string& text);
  void reset();

 private:
  std::string last_;
  std::string stable_;
};

}  // namespace hailstone::engines::whisper
