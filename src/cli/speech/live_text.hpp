// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text that is still being heard, on a terminal: the last line is written again and again until it
// is final. Elsewhere only final lines are written.

#include <string>
#include <string_view>

#include "cli/term/console.hpp"

namespace hailstone::cli {

/// One thread.
class LiveText {
 public:
  explicit LiveText(const Console& console) : console_(console) {}
  ~LiveText() { clear(); }
  LiveText(const LiveText&) = delete;
  LiveText& operator=(const LiveText&) = delete;

  /// The end of what does not fit into a line is what counts.
  void partial(std::string_view text);
  void final(std::string_view text);
  void clear();

 private:
  const Console& console_;
  bool is_partial_ = false;
};

}  // namespace hailstone::cli
