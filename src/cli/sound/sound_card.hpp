// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// This machine's microphones and loudspeakers, through ALSA. 16 bits, mono.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::cli {

struct SoundDevice {
  std::string name;  ///< as Microphone and Loudspeaker take it
  std::string description;
  bool hears = false;
  bool speaks = false;
};

/// All that ALSA knows, plug-ins included. Throws Error(kUnsupported) where the program was built
/// without ALSA.
std::vector<SoundDevice> list_sound_devices();

/// One thread.
class Microphone {
 public:
  /// device: "default", "plughw:1,0". Throws Error(kBadRequest) where there is none or it cannot be
  /// had, with the reason and what shows those that are there; Error(kUnsupported) as above.
  Microphone(const std::string& device, int sample_rate);
  ~Microphone();
  Microphone(const Microphone&) = delete;
  Microphone& operator=(const Microphone&) = delete;

  /// The next 20 ms, never sooner than they can have been said: a device that is none (ALSA's
  /// plug-in "file") gives hours at once. Empty at the end of the sound of such a device. Throws as
  /// run.check() does, and Error(kInternal) where the device is gone.
  std::vector<std::int16_t> read(const RunContext& run);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One thread.
class Loudspeaker {
 public:
  /// Throws as the constructor of Microphone does.
  Loudspeaker(const std::string& device, int sample_rate);
  ~Loudspeaker();
  Loudspeaker(const Loudspeaker&) = delete;
  Loudspeaker& operator=(const Loudspeaker&) = delete;

  /// Waits while it has more than a tenth of a second to play. Throws Error(kInternal) where the
  /// device is gone.
  void play(std::span<const std::int16_t> samples);
  /// Silence at once.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::cli
