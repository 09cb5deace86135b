// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/life.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

namespace hailstone::engines::fake {

Life::Life(std::string engine, std::string model, Script script, Place place)
    : engine_(std::move(engine)),
      model_(std::move(model)),
      script_(std::move(script)),
      place_(place),
      free_slots_(script_.slots) {}

ByteSize Life::memory() const {
  const std::lock_guard lock(mutex_);
  return memory_;
}

void Life::load(const RunContext& run) {
  pause(script_.load_time, run);
  if (script_.refusal) throw *script_.refusal;
  if (script_.crash_at_load) crash();
  if (script_.hang_at_load) hang(run);
  fill(script_.footprint);
}

void Life::pause(std::chrono::nanoseconds time, const RunContext& run) {
  run.check();
  if (time <= time.zero()) return;
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  const Deadline until = Deadline::in(time).earlier(run.deadline);
  never.wait_until(lock, run.stop, until.time(), [] { return false; });
  run.check();
}

void Life::crash() {
  if (place_ == Place::kOwnProcess) std::raise(SIGKILL);
  alive_ = false;
  throw Error(ErrorCode::kEngineFailed, "the " + engine_ + " engine crashed, as scripted");
}

void Life::hang(const RunContext& run) const {
  while (script_.hang_hard) ::pause();
  while (true) pause(std::chrono::hours(1), run);
}

void Life::fill(ByteSize amount) {
  const std::lock_guard lock(mutex_);
  memory_ += amount;
  // Written, not only reserved: pages that nobody touched are not in the PSS.
  if (place_ == Place::kOwnProcess) ballast_.emplace_back(amount.count(), '\x5A');
}

void Life::take_slot(const RunContext& run) {
  std::unique_lock lock(mutex_);
  const auto has_slot = [this] { return free_slots_ > 0; };
  if (run.deadline.is_never()) {
    slot_free_.wait(lock, run.stop, has_slot);
  } else {
    slot_free_.wait_until(lock, run.stop, run.deadline.time(), has_slot);
  }
  run.check();
  --free_slots_;
}

void Life::give_slot() noexcept {
  {
    const std::lock_guard lock(mutex_);
    ++free_slots_;
  }
  slot_free_.notify_one();
}

Run::Run(Life& life, const RunContext& context, int first_step)
    : life_(life), context_(context), steps_(first_step) {
  context.check();
  if (!life.alive()) {
    throw Error(ErrorCode::kEngineFailed, "the " + life.engine_ + " engine has crashed",
                "model " + life.model_ + " has to be loaded again");
  }
  life.take_slot(context);
  if (life.script_.leak > ByteSize()) life.fill(life.script_.leak);
}

Run::~Run() {
  life_.give_slot();
}

void Run::hang() const {
  life_.hang(context_);
}

void Run::step() {
  const Script& script = life_.script_;
  if (steps_ == script.crash_after) life_.crash();
  if (steps_ == script.hang_after) life_.hang(context_);
  if (steps_ == script.fail_after) {
    throw Error(ErrorCode::kEngineFailed, "the " + life_.engine_ + " engine failed after " +
                                              std::to_string(steps_) + " steps, as scripted");
  }
  Life::pause(script.token_time, context_);
  ++steps_;
}

}  // namespace hailstone::engines::fake
