// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound on its way to the service while the command reads what comes back.

#include <exception>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/run_context.hpp"
#include "cli/term/interrupts.hpp"
#include "net/web_socket_client.hpp"

namespace hailstone::cli {

/// Sends until its work returns or Ctrl-C, then says that this was all. After that Ctrl-C ends the
/// wait for the answer, too.
class Feeding {
 public:
  /// hearing: ends at Ctrl-C, telling: does not.
  using Work = std::function<void(const RunContext& hearing, const RunContext& telling)>;

  /// All outlive it.
  Feeding(net::WebSocketClient& socket, Interrupts& interrupts, Work work);

  /// How long the reader waits for messages.
  RunContext patience() const { return {Deadline::never(), given_up_.get_token()}; }

  /// Throws what ended the work.
  void finish();

 private:
  struct GiveUp {
    std::stop_source source;
    void operator()() const noexcept { source.request_stop(); }
  };

  std::stop_source given_up_;
  std::optional<std::stop_callback<GiveUp>> second_;  // Ctrl-C
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace hailstone::cli
