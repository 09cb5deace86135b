// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Mono samples from one rate to another, piece by piece.

#include <memory>
#include <span>
#include <vector>

namespace hailstone::media {

/// Belongs to one thread.
class Resampler {
 public:
  /// In Hz. Throws Error(kOutOfMemory).
  Resampler(int from, int to);
  ~Resampler();
  Resampler(Resampler&&) noexcept;
  Resampler& operator=(Resampler&&) noexcept;

  /// Appends what the samples become; some of it comes later.
  void push(std::span<const float> samples, std::vector<float>& out);
  /// Appends the rest; then it is as new.
  void finish(std::vector<float>& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;  // null: the rates are the same
};

/// All at once.
std::vector<float> resample(std::span<const float> samples, int from, int to);

}  // namespace hailstone::media
