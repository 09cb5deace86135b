// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/run_watch.hpp"

#include <algorithm>

#include "os/thread_name.hpp"

namespace hailstone::engines::onnx {

RunWatch::Watched::Watched(RunWatch& watch, const RunContext& run, Ort::RunOptions& options)
    : watch_(watch), on_stop_(run.stop, Terminate{options}) {
  if (run.deadline.is_never()) return;
  bool is_sooner = false;
  {
    const std::lock_guard lock(watch_.mutex_);
    is_sooner = run.deadline.time() < watch_.armed_;
    due_ = watch_.dues_.insert(watch_.dues_.end(), {run.deadline.time(), &options});
    if (!watch_.thread_.joinable()) {
      watch_.thread_ = std::jthread([&watch](const std::stop_token& stop) { watch.watch(stop); });
    }
  }
  if (is_sooner) watch_.changed_.notify_one();  // else a run would wake the thread for nothing
}

RunWatch::Watched::~Watched() {
  if (!due_) return;
  const std::lock_guard lock(watch_.mutex_);
  watch_.dues_.erase(*due_);
}

SteadyTime RunWatch::next_due() const noexcept {
  SteadyTime next = SteadyTime::max();
  for (const Due& due : dues_) next = std::min(next, due.time);
  return next;
}

void RunWatch::watch(const std::stop_token& stop) {
  os::set_thread_name("onnx-watch");
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    armed_ = next_due();
    const auto is_sooner = [this] { return next_due() < armed_; };
    if (armed_ == SteadyTime::max()) {
      changed_.wait(lock, stop, is_sooner);
      continue;
    }
    changed_.wait_until(lock, stop, armed_, is_sooner);
    const SteadyTime now = system_clock().now();
    for (Due& due : dues_) {
      if (due.time > now) continue;
      due.options->SetTerminate();  // a flag; with the lock, so that the run is still there
      due.time = SteadyTime::max();
    }
  }
}

}  // namespace hailstone::engines::onnx
