// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A cage made ready before fork(), and entered between fork() and exec(), where nothing may be
// allocated. For os/launch alone.

#include <string>
#include <vector>

#include "os/cage/cage.hpp"
#include "os/cage/landlock.hpp"
#include "os/cage/system_calls.hpp"

namespace hailstone::os {

class Confinement {
 public:
  explicit Confinement(const Cage& cage);

  /// In the child, as its last deed before exec. Returns 0, or the error's number: then nothing is
  /// certain, and the child must not go on. What the kernel lacks is no error.
  int enter() const noexcept;

 private:
  int set_limits() const noexcept;

  const Cage cage_;
  const std::vector<PathRule> rules_;
  const std::vector<sock_filter> filter_;
};

}  // namespace hailstone::os
