// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory/memory_watch.hpp"

#include <sys/resource.h>

#include <chrono>
#include <utility>

#include "os/process_memory.hpp"
#include "os/thread_name.hpp"

namespace hailstone::os {
namespace {

constexpr std::chrono::milliseconds kInterval{500};

/// What is promised counts there, not what is used: stacks, and what allocators keep in reserve.
constexpr ByteSize kReserves = ByteSize::gib(1);

/// Heap and stacks of the process alone. Nothing happens where that is not allowed.
void limit_allocations(pid_t process, rlim_t most) noexcept {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // theirs are without bounds
  rlimit limit{};
  if (::prlimit(process, RLIMIT_DATA, nullptr, &limit) != 0) return;
  limit.rlim_cur = std::min(most, limit.rlim_max);
  ::prlimit(process, RLIMIT_DATA, &limit, nullptr);
#else
  static_cast<void>(process);
  static_cast<void>(most);
#endif
}

}  // namespace

MemoryWatch::MemoryWatch(pid_t process, ByteSize most, std::function<void(ByteSize)> on_excess)
    : process_(process),
      most_(most),
      on_excess_(std::move(on_excess)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {
  limit_allocations(process_, (most + most + kReserves).count());
}

MemoryWatch::~MemoryWatch() {
  limit_allocations(process_, RLIM_INFINITY);
}

std::optional<ByteSize> MemoryWatch::excess() const {
  const std::lock_guard lock(mutex_);
  return excess_;
}

void MemoryWatch::watch(const std::stop_token& stop) {
  set_thread_name("memory-watch");
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    lock.unlock();
    const auto memory = find_process_memory(process_);
    lock.lock();
    if (memory && memory->pss > most_) {
      excess_ = memory->pss;
      lock.unlock();
      return on_excess_(memory->pss);
    }
    stopped_.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace hailstone::os
