// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recording to be transcribed, as plain values.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "inference/audio_sessions.hpp"

namespace hailstone::transcribe {

enum class Trimming : std::uint8_t {
  kSilence,  ///< only what seems to be speech is heard, in pieces that end in silences
  kNone,     ///< all of it, as it is
};

struct Task {
  std::string model;  ///< empty: the task's default
  inference::HearOptions options;
  Trimming trimming = Trimming::kSilence;
  std::chrono::milliseconds from{};                 ///< where in the recording to begin
  std::optional<std::chrono::milliseconds> length;  ///< how much of it; nothing: to the end
};

/// What comes while the work goes on.
struct Update {
  std::optional<inference::HeardSegment> segment;     ///< final; times of the recording
  std::chrono::milliseconds heard{};                  ///< how much of it has been worked through
  std::optional<std::chrono::milliseconds> duration;  ///< as the file says
};
using OnUpdate = std::function<void(const Update& update)>;

struct Result {
  std::string text;
  std::string language;             ///< ISO 639-1
  double language_probability = 0;  ///< 0: it was given, or nobody tells
  std::chrono::milliseconds duration{};
  std::vector<inference::HeardSegment> segments;
  std::string model;
  std::string engine;
  bool is_translated = false;
};

}  // namespace hailstone::transcribe
