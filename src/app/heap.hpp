// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the daemon does with memory that it has freed. A picture and its tensors are a few MiB that
// the next request takes again: giving them back to the kernel each time costs a request for
// detection a fifth of the daemon's time, in page faults. Once there is nothing to do they go.

#include "base/byte_size.hpp"

namespace hailstone::app {

/// look() is one thread's.
class HeapTrimmer {
 public:
  /// From now on freed memory stays with the process. Make it before there are threads.
  HeapTrimmer();

  /// To be called now and then. Where nothing runs, and memory has grown since the last time,
  /// gives back what is free.
  void look(bool is_idle);

 private:
  ByteSize rss_;  // when it was trimmed last
};

}  // namespace hailstone::app
