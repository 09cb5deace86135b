// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the sound of a command comes from: a microphone, a file, or the standard input.

#include <cstdint>
#include <istream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::cli {

inline constexpr int kEarRate = 16'000;

/// One thread.
class Ear {
 public:
  virtual ~Ear() = default;
  /// The next samples, a second or less; empty at the end. Throws as run.check() does, and where
  /// the sound cannot be read.
  virtual std::vector<std::int16_t> hear(const RunContext& run) = 0;
};

/// file: empty: the microphone; "-": in, which begins with a WAV header or is 16 kHz, mono, 16
/// bits; else a sound file of any kind. Throws Error(kBadRequest), and as Microphone does.
std::unique_ptr<Ear> open_ear(const std::string& device, const std::string& file, std::istream& in);

/// 16 bits, little endian.
std::string to_bytes(std::span<const std::int16_t> samples);

}  // namespace hailstone::cli
