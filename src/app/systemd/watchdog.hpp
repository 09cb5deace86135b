// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells systemd's watchdog that we live, as long as that is true: the event loop turns, what
// requests need answers, and no inference is stuck. A daemon that only looks alive is started anew.

#include <chrono>
#include <optional>
#include <string>

namespace hailstone::core {
class Runtime;
}
namespace hailstone::http {
class Server;
}
namespace hailstone::status {
class Pulse;
}

namespace hailstone::app {

/// One thread.
class Watchdog {
 public:
  Watchdog(http::Server& server, const core::Runtime& runtime, const status::Pulse& pulse);

  /// How often feed() is to be called; nothing where no watchdog is set (WATCHDOG_USEC).
  std::optional<std::chrono::milliseconds> interval() const noexcept { return interval_; }
  /// Takes at most another interval.
  void feed();

 private:
  std::string find_fault();

  http::Server& server_;
  const core::Runtime& runtime_;
  const status::Pulse& pulse_;
  const std::optional<std::chrono::milliseconds> interval_;
  std::string fault_;  // the last one
};

}  // namespace hailstone::app
