// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/slots.hpp"

#include "base/error.hpp"

namespace hailstone::engines::onnx {

void Slots::acquire(const RunContext& run) {
  std::unique_lock lock(mutex_);
  const auto is_free = [this] { return free_ > 0; };
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
  --free_;
}

void Slots::release() noexcept {
  {
    const std::lock_guard lock(mutex_);
    ++free_;
  }
  freed_.notify_one();
}

}  // namespace hailstone::engines::onnx
