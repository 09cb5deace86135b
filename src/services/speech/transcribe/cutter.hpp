// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cuts a long recording into pieces that a recogniser can hear at once: where nobody speaks if that
// is possible, and without the silence around.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "services/speech/sound/voice_detector.hpp"

namespace hailstone::transcribe {

struct CutOptions {
  std::chrono::milliseconds longest{28'000};
  /// From this length on a pause of `pause` ends a piece.
  std::chrono::milliseconds comfortable{12'000};
  std::chrono::milliseconds pause{500};
  std::chrono::milliseconds margin{250};  ///< of silence that stays around speech
};

struct Clip {
  std::uint64_t begin = 0;  ///< sample of the recording
  std::vector<float> samples;
};

/// Belongs to one thread. Keeps no more than the longest piece.
class Cutter {
 public:
  Cutter(std::unique_ptr<sound::VoiceDetector> detector, CutOptions options);

  void push(std::span<const float> samples);
  /// There is no more; what is left becomes the last piece.
  void finish();
  /// The next piece that is complete; nothing: more has to come, or nothing is left.
  std::optional<Clip> take();

 private:
  void judge(std::span<const float> window);
  void emit(std::size_t windows);
  std::size_t best_cut() const;
  void drop(std::size_t windows);

  std::unique_ptr<sound::VoiceDetector> detector_;
  const std::size_t window_;
  const std::size_t longest_;  // in windows, as the next three
  const std::size_t comfortable_;
  const std::size_t pause_;
  const std::size_t margin_;
  std::vector<float> rest_;      // less than a window
  std::uint64_t begin_ = 0;      // of samples_
  std::vector<float> samples_;   // the piece that is growing, silence before it included
  std::vector<float> speech_;    // how likely each of its windows is speech
  std::size_t last_voiced_ = 0;  // behind the last window with speech; zero: none has
  std::size_t padding_ = 0;      // of the last window, which was not full
  std::vector<Clip> ready_;
};

}  // namespace hailstone::transcribe
