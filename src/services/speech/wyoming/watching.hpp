// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound in, calls of wake words out.

#include <string>
#include <vector>

#include "services/speech/wake/service.hpp"
#include "services/speech/wyoming/protocol/send.hpp"
#include "services/speech/wyoming/protocol/sound_input.hpp"

namespace hailstone::wyoming {

/// Belongs to one thread.
class Watching {
 public:
  /// Throws as WakeService::open does.
  Watching(const wake::WakeService& service, std::vector<std::string> names, Send send);

  /// Blocks while the networks look at it. Throws as WakeDetector::push and SoundInput::push do.
  void push(const AudioChunk& chunk, RunContext run);
  /// The end of the sound.
  void finish();

 private:
  const std::vector<std::string> names_;  // as the client calls them; empty: all
  const Send send_;
  wake::WakeDetector detector_;
  SoundInput input_;
  std::vector<float> samples_;
  bool has_detected_ = false;
};

}  // namespace hailstone::wyoming
