// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/slots.hpp"

#include <utility>

#include "base/error.hpp"

namespace hailstone::engines::onnx {
namespace {

/// A large batch that came once must not keep its memory for ever.
constexpr std::size_t kMostKept = std::size_t{32} << 20;

}  // namespace

Scratch Slots::acquire(const RunContext& run) {
  std::unique_lock lock(mutex_);
  const auto is_free = [this] { return !free_.empty(); };
  if (run.deadline.is_never()) {
    freed_.wait(lock, run.stop, is_free);
  } else {
    freed_.wait_until(lock, run.stop, run.deadline.time(), is_free);
  }
  if (!is_free()) {
    lock.unlock();
    run.check();
    throw Error(ErrorCode::kTimeout, "the network is busy for too long");
  }
  Scratch scratch = std::move(free_.back());
  free_.pop_back();
  return scratch;
}

void Slots::release(Scratch&& scratch) noexcept {
  for (auto& memory : scratch) {
    if (memory.capacity() > kMostKept) memory = {};
  }
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(scratch));  // there was room for it before
  }
  freed_.notify_one();
}

}  // namespace hailstone::engines::onnx
