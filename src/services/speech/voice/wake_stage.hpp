// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// In front of a talk: it hears nothing until a wake word is said, and nothing again when it has
// been quiet for a while. Pure but for the detector. Places count samples of 16 kHz.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "services/speech/wake/detector.hpp"

namespace hailstone::voice {

/// Belongs to one thread.
class WakeStage {
 public:
  /// Places of what it tells count what it was given.
  using Listen =
      std::function<std::vector<wake::Detection>(std::span<const float>, const RunContext&)>;
  struct Step {
    std::optional<wake::Detection> call = {};  ///< it has woken up
    bool fell_asleep = false;
    std::span<const float> heard = {};  ///< what the talk shall hear; of the samples given
  };

  /// attention: how long nothing may happen while it is awake.
  WakeStage(Listen listen, std::chrono::milliseconds attention);

  /// Throws what listening throws.
  Step push(std::span<const float> samples, const RunContext& run);

  bool is_awake() const noexcept { return is_awake_; }
  /// Somebody speaks, or an answer comes: it stays awake.
  void begin() noexcept { is_busy_ = true; }
  /// That is over, but for so much of the answer that is still to be played.
  void end(std::chrono::milliseconds to_play) noexcept;

 private:
  const Listen listen_;
  const std::uint64_t attention_;
  std::uint64_t position_ = 0;
  std::uint64_t listened_ = 0;  // of it, while asleep
  std::uint64_t awake_until_ = 0;
  bool is_awake_ = false;
  bool is_busy_ = false;
};

}  // namespace hailstone::voice
