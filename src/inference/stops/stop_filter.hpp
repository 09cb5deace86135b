// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lets a stream through up to the first stop text. What may be the beginning of one waits.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::inference {

/// Not thread-safe. The stop texts outlive it.
class StopFilter {
 public:
  explicit StopFilter(const std::vector<std::string>& stops) noexcept : stops_(stops) {}

  /// What may be shown now.
  std::string push(std::string_view text);
  /// What still waits, at the end of the stream.
  std::string finish();
  bool has_stopped() const noexcept { return stop_text_.has_value(); }
  /// Which one it was.
  const std::optional<std::string>& stop_text() const noexcept { return stop_text_; }

 private:
  const std::vector<std::string>& stops_;
  std::string waiting_;
  std::optional<std::string> stop_text_;
};

}  // namespace hailstone::inference
