// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/heap.hpp"

#include <malloc.h>

#include "os/process_memory.hpp"

namespace hailstone::app {
namespace {

/// Larger blocks, a whole photo's pixels, are still the kernel's as soon as they are free.
constexpr int kLargestKept = 8 << 20;
constexpr int kMostKeptAtTheEnd = 32 << 20;
/// Less is not worth the page faults of the next request.
constexpr ByteSize kWorthTrimming = ByteSize::mib(2);

}  // namespace

void keep_freed_memory() noexcept {
  ::mallopt(M_MMAP_THRESHOLD, kLargestKept);
  ::mallopt(M_TRIM_THRESHOLD, kMostKeptAtTheEnd);
  // Handlers run on many threads, but most of their time is not spent here: one arena serves them
  // as fast as eight a core, keeps the daemon small, and is the only one whose end can be given
  // back.
  ::mallopt(M_ARENA_MAX, 1);
}

void HeapTrimmer::look(bool is_idle) {
  if (!is_idle || os::own_rss() < rss_ + kWorthTrimming) return;
  ::malloc_trim(0);
  rss_ = os::own_rss();
}

}  // namespace hailstone::app
