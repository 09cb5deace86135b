// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/signals.hpp"

#include <sys/resource.h>

#include <csignal>
#include <initializer_list>

namespace hailstone::app {
namespace {

sigset_t awaited() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = awaited();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::optional<int> wait_for_signal(std::optional<std::chrono::milliseconds> limit) {
  const sigset_t set = awaited();
  timespec time{};
  if (limit) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*limit);
    time.tv_sec = seconds.count();
    time.tv_nsec = std::chrono::nanoseconds(*limit - seconds).count();
  }
  const int signal = limit ? sigtimedwait(&set, nullptr, &time) : sigwaitinfo(&set, nullptr);
  if (signal < 0) return std::nullopt;  // the limit, or an interruption
  return signal;
}

void unblock_signals() {
  const sigset_t set = awaited();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace hailstone::app
