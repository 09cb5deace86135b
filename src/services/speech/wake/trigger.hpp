// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// When a row of scores is somebody's call. Pure.

#include <chrono>
#include <cstdint>
#include <optional>

namespace hailstone::wake {

struct WakeOptions {
  float threshold = 0.5F;                      ///< a score from here on counts
  int patience = 1;                            ///< so many in a row
  std::chrono::milliseconds refractory{2000};  ///< no further call for so long
};

class Trigger {
 public:
  explicit Trigger(const WakeOptions& options) noexcept : options_(options) {}

  /// at: the sample (16 kHz) up to which the score knows. Whether somebody calls.
  bool push(float score, std::uint64_t at) noexcept;

 private:
  WakeOptions options_;
  int count_ = 0;
  std::optional<std::uint64_t> last_;
};

}  // namespace hailstone::wake
