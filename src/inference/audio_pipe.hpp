// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From who has audio to who listens to it: one thread puts pieces in, another takes them out, and
// never more than so much waits in between.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <span>

#include "inference/audio_sessions.hpp"

namespace hailstone::inference {

/// Thread-safe.
class AudioPipe final : public AudioSource {
 public:
  /// limit: how many samples wait at most.
  AudioPipe(int sample_rate, std::size_t limit) noexcept
      : sample_rate_(sample_rate), limit_(limit) {}

  /// Waits while it is full. Throws as RunContext::check does. What comes after the end is lost.
  void push(std::span<const float> samples, const RunContext& run);
  /// What is in it shall become final.
  void end_utterance();
  void finish();
  /// Ends it with an exception, which comes out of take().
  void fail(std::exception_ptr why);

  int sample_rate() const noexcept override { return sample_rate_; }
  AudioPiece take(Deadline until, const RunContext& run) override;

 private:
  void change(const std::function<void()>& action);

  const int sample_rate_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  AudioPiece waiting_;          // guarded by mutex_
  std::exception_ptr failure_;  // guarded by mutex_
};

}  // namespace hailstone::inference
