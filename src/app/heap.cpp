// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/heap.hpp"

#include <malloc.h>

#include "os/process_memory.hpp"

namespace hailstone::app {
namespace {

/// Larger blocks, a whole photo's pixels, are still the kernel's as soon as they are free.
constexpr ByteSize kLargestKept = ByteSize::mib(8);
constexpr ByteSize kKeptAtTheEnd = ByteSize::mib(32);
/// Less is not worth the page faults of the next request.
constexpr ByteSize kWorthTrimming = ByteSize::mib(2);

}  // namespace

HeapTrimmer::HeapTrimmer() {
  os::keep_freed_memory(kLargestKept, kKeptAtTheEnd);
}

void HeapTrimmer::look(bool is_idle) {
  if (!is_idle || os::own_rss() < rss_ + kWorthTrimming) return;
  ::malloc_trim(0);
  rss_ = os::own_rss();
}

}  // namespace hailstone::app
