// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/audio_pipe.hpp"

#include <algorithm>
#include <utility>

#include "inference/run_wait.hpp"

namespace hailstone::inference {

void AudioPipe::push(std::span<const float> samples, const RunContext& run) {
  while (!samples.empty()) {
    std::unique_lock lock(mutex_);
    wait_for(changed_, lock, run, [this] {
      const bool has_room = waiting_.samples.size() < limit_ && !waiting_.ends_utterance;
      return has_room || waiting_.is_last || failure_;
    });
    if (waiting_.is_last || failure_) return;
    const auto part = samples.first(std::min(samples.size(), limit_ - waiting_.samples.size()));
    waiting_.samples.insert(waiting_.samples.end(), part.begin(), part.end());
    samples = samples.subspan(part.size());
    lock.unlock();
    changed_.notify_all();
  }
}

void AudioPipe::end_utterance() {
  change([this] { waiting_.ends_utterance = true; });
}

void AudioPipe::finish() {
  change([this] { waiting_.is_last = true; });
}

void AudioPipe::fail(std::exception_ptr why) {
  change([&] { failure_ = std::move(why); });
}

void AudioPipe::change(const std::function<void()>& action) {
  {
    const std::lock_guard lock(mutex_);
    action();
  }
  changed_.notify_all();
}

AudioPiece AudioPipe::take(Deadline until, const RunContext& run) {
  std::unique_lock lock(mutex_);
  const auto has_something = [this] {
    return !waiting_.samples.empty() || waiting_.ends_utterance || waiting_.is_last || failure_;
  };
  wait_until(changed_, lock, until.earlier(run.deadline), run.stop, has_something);
  run.check();
  if (failure_) std::rethrow_exception(failure_);
  AudioPiece piece = std::exchange(waiting_, {});
  lock.unlock();
  changed_.notify_all();
  return piece;
}

}  // namespace hailstone::inference
