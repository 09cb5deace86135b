// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One run of Whisper over one clip, with a state of its own.

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "engines/whisper/library.hpp"
#include "inference/audio_sessions.hpp"

namespace hailstone::engines::whisper {

inline constexpr int kSampleRate = 16'000;

enum class EncoderContext { kAuto, kFull };

struct TranscriberSettings {
  int threads = 1;
  EncoderContext encoder_context = EncoderContext::kAuto;
};

/// How many frames of 20 ms the encoder looks at; zero: all that the model can. Quality falls apart
/// below a floor of 5 seconds. Pure.
int encoder_frames(std::size_t samples, int model_frames, EncoderContext context) noexcept;

struct Transcript {
  std::string language;
  double language_probability = 0;
  std::vector<inference::HeardSegment> segments;
};

using OnSegment = std::function<void(const inference::HeardSegment& segment)>;

/// Used by one thread at a time.
class Transcriber {
 public:
  /// The context outlives it. Throws Error(kOutOfMemory).
  Transcriber(whisper_context& context, TranscriberSettings settings);

  /// Blocks. on_segment may be empty, and may throw, which ends the run. Throws Error(kTimeout),
  /// kCancelled, kEngineFailed, kUnsupported (language).
  Transcript run(std::span<const float> samples, const inference::HearOptions& options,
                 const OnSegment& on_segment, const RunContext& run);

 private:
  struct Job;
  std::string choose_language(std::span<const float> samples, const inference::HearOptions& options,
                              const RunContext& run, double& probability);
  whisper_full_params make_params(std::size_t samples, const inference::HearOptions& options,
                                  const std::string& language) const;
  inference::HeardSegment read_segment(int index, bool want_words) const;
  void read_tokens(int index, bool want_words, inference::HeardSegment& segment) const;
  void add_word(const char* text, const whisper_token_data& token,
                inference::HeardSegment& segment) const;

  static void take_segments(whisper_context*, whisper_state*, int count, void* data);
  static bool is_called_off(void* data);

  whisper_context& context_;
  const TranscriberSettings settings_;
  StatePointer state_;
};

}  // namespace hailstone::engines::whisper
