// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::engines::onnx {

/// What pictures become, for each input: memory that the next run uses again.
using Scratch = std::vector<std::vector<std::byte>>;

/// How many runs there may be at once, each with its own scratch. Thread-safe.
class Slots {
 public:
  explicit Slots(std::size_t count) : free_(count) {}

  /// Has one while it lives.
  class Turn {
   public:
    /// Waits for one. Throws Error(kCancelled, kTimeout).
    Turn(Slots& slots, const RunContext& run) : slots_(slots), scratch_(slots.acquire(run)) {}
    ~Turn() { slots_.release(std::move(scratch_)); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    Scratch& scratch() noexcept { return scratch_; }

   private:
    Slots& slots_;
    Scratch scratch_;
  };

 private:
  Scratch acquire(const RunContext& run);
  void release(Scratch&& scratch) noexcept;

  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<Scratch> free_;  // guarded by mutex_
};

}  // namespace hailstone::engines::onnx
