// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One stretch of speech on its way through a recogniser, while it is spoken.

#include <span>

#include "inference/audio_pipe.hpp"
#include "services/speech/transcribe/task.hpp"
#include "services/speech/voice/talk/notes.hpp"
#include "services/speech/voice/talk/worker.hpp"

namespace hailstone::transcribe {
class TranscribeService;
}

namespace hailstone::voice {

/// Used by the talk's thread. Reports as number: kPartial again and again, then kDone or kFailed.
class Hearing {
 public:
  Hearing(int number, transcribe::TranscribeService& service, transcribe::Task task,
          const RunContext& talk, Post post);

  int number() const noexcept { return number_; }
  /// 16 kHz. Waits where minutes of it have not been heard yet.
  void push(std::span<const float> samples, const RunContext& run) { pipe_.push(samples, run); }
  /// No more comes: what was said becomes final.
  void finish() { pipe_.finish(); }
  /// Nobody wants to know it any more.
  void stop() { worker_.stop(); }
  bool is_done() const noexcept { return worker_.is_done(); }

 private:
  const int number_;
  inference::AudioPipe pipe_;
  Worker worker_;
};

}  // namespace hailstone::voice
