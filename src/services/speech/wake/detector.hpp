// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Listens for several wake words in one stream of sound.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "services/common/model_access.hpp"
#include "services/speech/wake/features.hpp"
#include "services/speech/wake/trigger.hpp"

namespace hailstone::wake {

struct WakeWord {
  std::string name;    ///< of its model: "openwakeword-hey-jarvis"
  std::string phrase;  ///< what is said: "hey jarvis"

  bool operator==(const WakeWord&) const = default;
};

struct Detection {
  std::size_t word = 0;  ///< its place in the list
  std::uint64_t at = 0;  ///< sample of the stream (16 kHz)
  float score = 0;
};

/// After each step: the score of each word, 0 to 1.
using OnScores = std::function<void(std::uint64_t at, std::span<const float> scores)>;

/// Belongs to one thread. Holds no model while it waits for sound.
class WakeDetector {
 public:
  struct Listened {
    WakeWord word;
    services::ChosenModel model;
  };
  /// words: at least one; the front networks are the first one's. models outlives it.
  WakeDetector(services::ModelAccess& models, std::vector<Listened> words,
               const WakeOptions& options);

  /// Samples at 16 kHz, of any number. on_scores may be empty. Throws Error(kUnsupported) for a
  /// model without its networks, and what ModelAccess::acquire and TensorSession::run throw.
  std::vector<Detection> push(std::span<const float> samples, const RunContext& run,
                              const OnScores& on_scores = {});

  const std::vector<Listened>& words() const noexcept { return words_; }

 private:
  std::vector<float> judge(std::span<const float> step, const RunContext& run);

  services::ModelAccess& models_;
  const std::vector<Listened> words_;
  std::vector<Trigger> triggers_;
  Features features_;
  std::vector<float> rest_;  // less than a step
  std::uint64_t position_ = 0;
  int steps_ = 0;
};

}  // namespace hailstone::wake
