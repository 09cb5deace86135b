// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/quiet_cut.hpp"

namespace hailstone::engines::hailo {

std::size_t find_quiet_cut(std::span<const float> samples, std::size_t most) noexcept {
  constexpr std::size_t kWindow = 1600;  // a tenth of a second
  if (samples.size() <= most) return samples.size();
  std::size_t best = most;
  float least = -1;
  for (std::size_t begin = most / 3 * 2; begin + kWindow <= most; begin += kWindow / 2) {
    float energy = 0;
    for (const float sample : samples.subspan(begin, kWindow)) energy += sample * sample;
    if (least >= 0 && energy > least) continue;  // of equals the last
    least = energy;
    best = begin + kWindow / 2;
  }
  return best;
}

}  // namespace hailstone::engines::hailo
