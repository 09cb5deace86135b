// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last moments of a stream of sound: what was said before somebody noticed. Pure.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace hailstone::voice {

/// Belongs to one thread. Places count samples from the beginning of the stream.
class RecentSound {
 public:
  /// Of 16 kHz: two seconds.
  static constexpr std::size_t kMost = 32'000;

  void push(std::span<const float> samples) {
    kept_.insert(kept_.end(), samples.begin(), samples.end());
    end_ += samples.size();
    if (kept_.size() > 2 * kMost) {
      kept_.erase(kept_.begin(), kept_.end() - static_cast<std::ptrdiff_t>(kMost));
    }
  }
  std::uint64_t end() const noexcept { return end_; }
  /// What is left of it from that place on; until the next push().
  std::span<const float> from(std::uint64_t place) const noexcept {
    const auto wanted = static_cast<std::size_t>(end_ - std::min(place, end_));
    return std::span(kept_).last(std::min(wanted, kept_.size()));
  }

 private:
  std::vector<float> kept_;
  std::uint64_t end_ = 0;
};

}  // namespace hailstone::voice
