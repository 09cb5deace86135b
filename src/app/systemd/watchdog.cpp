// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/systemd/watchdog.hpp"

#include <utility>

#include "app/systemd/notify.hpp"
#include "base/strings.hpp"
#include "core/runtime/runtime.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "services/system/status/pulse.hpp"

namespace hailstone::app {
namespace {

/// A third: a check may take as long again, and is still in time.
std::optional<std::chrono::milliseconds> find_interval() {
  const auto limit = watchdog_limit();
  if (!limit) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(*limit / 3);
}

}  // namespace

Watchdog::Watchdog(http::Server& server, const core::Runtime& runtime, const status::Pulse& pulse)
    : server_(server), runtime_(runtime), pulse_(pulse), interval_(find_interval()) {}

std::string Watchdog::find_fault() {
  if (!server_.turns_within(*interval_)) return "the event loop does not turn";
  if (auto fault = pulse_.fault(); !fault.empty()) return fault;
  const auto stuck = runtime_.inference().stuck;
  return stuck.empty() ? std::string() : "inference is stuck on " + join(stuck, ", ");
}

void Watchdog::feed() {
  if (!interval_) return;
  auto fault = find_fault();
  if (fault.empty()) notify_alive();
  if (std::exchange(fault_, fault) == fault) return;
  if (fault.empty()) return log::info("app", "the watchdog is fed again");
  log::error("app", "the watchdog is not fed", {{"reason", fault}});
}

}  // namespace hailstone::app
