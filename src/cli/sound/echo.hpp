// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes out of a microphone's sound what a loudspeaker in the same room plays.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hailstone::cli {

/// Thread-safe. Where it was built without libspeexdsp it leaves the sound as it is.
class EchoCanceller {
 public:
  explicit EchoCanceller(int sample_rate);
  ~EchoCanceller();
  EchoCanceller(const EchoCanceller&) = delete;
  EchoCanceller& operator=(const EchoCanceller&) = delete;

  static bool is_built() noexcept;

  /// What the loudspeaker has been given, in order.
  void played(std::span<const std::int16_t> samples);
  /// It was stopped: what it had not played yet is not played.
  void stopped();
  /// The microphone's next samples without it; what does not fill 20 ms comes with the next ones.
  std::vector<std::int16_t> clean(std::span<const std::int16_t> samples);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::cli
