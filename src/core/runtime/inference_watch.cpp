// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/inference_watch.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::core {
namespace {

/// Engines notice a deadline within a token or a frame.
constexpr std::chrono::seconds kDeadlineGrace{30};

}  // namespace

InferenceWatch::Run::Run(InferenceWatch& watch, std::string engine, std::string model,
                         Deadline deadline)
    : watch_(watch),
      engine_(std::move(engine)),
      model_(std::move(model)),
      deadline_(deadline),
      last_sign_(watch.clock_.now()) {
  const MutexLock lock(watch_.mutex_);
  watch_.runs_.insert(this);
}

InferenceWatch::Run::~Run() {
  const MutexLock lock(watch_.mutex_);
  watch_.runs_.erase(this);
}

void InferenceWatch::Run::succeed() {
  const MutexLock lock(watch_.mutex_);
  watch_.worked_[engine_] = watch_.clock_.now();
}

bool InferenceWatch::is_stuck(const Run& run, std::chrono::nanoseconds silence,
                              SteadyTime now) const noexcept {
  if (silence >= stall_limit_) return true;
  return !run.deadline_.is_never() && now - run.deadline_.time() >= kDeadlineGrace;
}

InferenceFigures InferenceWatch::figures() const {
  InferenceFigures figures;
  const MutexLock lock(mutex_);
  const auto now = clock_.now();
  for (const auto* run : runs_) {
    ++figures.running;
    const auto last_sign = run->last_sign_.load();
    if (last_sign == SteadyTime::max()) continue;
    const std::chrono::nanoseconds silence =
        std::max(now - last_sign, SteadyTime::duration::zero());
    figures.longest_silence = std::max(figures.longest_silence, silence);
    if (is_stuck(*run, silence, now)) figures.stuck.push_back(run->model_);
  }
  for (const auto& [engine, time] : worked_) figures.since_success[engine] = now - time;
  return figures;
}

}  // namespace hailstone::core
