// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sound as plain data: mono samples.

#include <vector>

namespace hailstone::media {

/// Mono, samples in [-1, 1], sample_rate in Hz.
struct Pcm {
  int sample_rate = 0;
  std::vector<float> samples;
};

}  // namespace hailstone::media
