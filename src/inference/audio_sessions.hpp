// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Speech: audio to text (HearSession) and text to audio (SaySession).

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "media/pcm.hpp"

namespace hailstone::inference {

struct HearRequest {
  media::Pcm audio;
  std::string language;  ///< ISO 639-1; empty: find out
  std::string prompt;
  bool translate = false;  ///< to English
};

struct HeardSegment {
  std::chrono::milliseconds begin{};
  std::chrono::milliseconds end{};
  std::string text;
};

struct HearResult {
  std::string language;
  std::vector<HeardSegment> segments;
};

/// Called on the thread that runs hear(); may throw to call the run off.
using OnHeardSegment = std::function<void(const HeardSegment&)>;

/// Thread-safe.
class HearSession {
 public:
  virtual ~HearSession() = default;
  /// Throws kBadRequest, kUnsupported (language), kTimeout, kCancelled, kEngineFailed.
  virtual HearResult hear(const HearRequest& request, const OnHeardSegment& on_segment,
                          const RunContext& run) = 0;
};

struct SayRequest {
  std::string text;
  std::string voice;  ///< empty: the model's default
  double speed = 1.0;
};

/// Called on the thread that runs say(); may throw to call the run off.
using OnAudio = std::function<void(media::Pcm&&)>;

/// Thread-safe.
class SaySession {
 public:
  virtual ~SaySession() = default;
  /// Emits the audio in pieces as it is made. Throws kBadRequest, kNotFound (voice), kTimeout,
  /// kCancelled, kEngineFailed.
  virtual void say(const SayRequest& request, const OnAudio& on_audio, const RunContext& run) = 0;
  virtual std::vector<std::string> voices() const = 0;
};

}  // namespace hailstone::inference
