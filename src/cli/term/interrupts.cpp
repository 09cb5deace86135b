// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/interrupts.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

// A signal handler can reach nothing else.
std::atomic<int> handler_wake{-1};

constexpr std::uint64_t kInterrupt = 1;
constexpr std::uint64_t kEnd = 1U << 30;

void on_interrupt(int) {
  const int saved = errno;
  [[maybe_unused]] const auto written =
      ::write(handler_wake.load(std::memory_order_relaxed), &kInterrupt, sizeof kInterrupt);
  errno = saved;
}

void set_handler(void (*handler)(int)) noexcept {
  struct sigaction action {};
  action.sa_handler = handler;
  // No SA_RESTART: a read from the terminal has to come back.
  ::sigaction(SIGINT, &action, nullptr);
}

}  // namespace

Interrupts::Interrupts() : wake_(::eventfd(0, EFD_CLOEXEC)) {
  if (wake_ < 0) throw Error(ErrorCode::kInternal, "no eventfd for Ctrl-C");
  thread_ = std::thread([this] { watch(); });
  handler_wake = wake_;
  set_handler(on_interrupt);
}

Interrupts::~Interrupts() {
  set_handler(SIG_DFL);
  [[maybe_unused]] const auto written = ::write(wake_, &kEnd, sizeof kEnd);
  thread_.join();
  ::close(wake_);
}

std::stop_token Interrupts::arm() {
  const std::lock_guard lock(mutex_);
  armed_ = std::stop_source();
  return armed_.get_token();
}

void Interrupts::watch() {
  std::uint64_t count = 0;
  while (count < kEnd) {
    if (::read(wake_, &count, sizeof count) != sizeof count) continue;
    std::stop_source armed;
    {
      const std::lock_guard lock(mutex_);
      armed = armed_;
    }
    armed.request_stop();
  }
}

}  // namespace hailstone::cli
