// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/run_context.hpp"

namespace hailstone::engines::onnx {

/// How many runs there may be at once. Thread-safe.
class Slots {
 public:
  explicit Slots(int count) noexcept : free_(count) {}

  /// Has one while it lives.
  class Turn {
   public:
    /// Waits for one. Throws Error(kCancelled, kTimeout).
    Turn(Slots& slots, const RunContext& run) : slots_(slots) { slots_.acquire(run); }
    ~Turn() { slots_.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Slots& slots_;
  };

 private:
  void acquire(const RunContext& run);
  void release() noexcept;

  std::mutex mutex_;
  std::condition_variable_any freed_;
  int free_;  // guarded by mutex_
};

}  // namespace hailstone::engines::onnx
