// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speech/feeding.hpp"

#include <utility>

#include "base/error.hpp"
#include "os/thread_name.hpp"

namespace hailstone::cli {

Feeding::Feeding(net::WebSocketClient& socket, Interrupts& interrupts, Work work)
    : thread_([this, &socket, &interrupts, work = std::move(work),
               end = interrupts.arm()](const std::stop_token& stop) mutable {
        os::set_thread_name("microphone");
        std::stop_source hearing;
        const auto forward = [&hearing] { hearing.request_stop(); };
        const std::stop_callback at_end(end, forward);
        const std::stop_callback at_stop(stop, forward);
        const RunContext telling{Deadline::never(), stop};
        try {
          work({Deadline::never(), hearing.get_token()}, telling);
        } catch (const Error& error) {
          if (error.code() != ErrorCode::kCancelled) failure_ = std::current_exception();
        } catch (...) {  // the top of this thread
          failure_ = std::current_exception();
        }
        second_.emplace(interrupts.arm(), GiveUp{given_up_});
        try {
          socket.send_text(R"({"type":"stop"})", telling);
        } catch (...) {  // the service has gone, which the reader sees, too
        }
      }) {}

void Feeding::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace hailstone::cli
