// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Server-sent events, as llama-server streams them: lines "data: ..." between empty ones.

#include <functional>
#include <string>
#include <string_view>

namespace hailstone::engines::llama {

/// Owned by one thread.
class EventStream {
 public:
  using OnData = std::function<void(std::string_view data)>;

  explicit EventStream(OnData on_data) : on_data_(std::move(on_data)) {}

  /// The next piece, cut anywhere. Calls on_data for each event that is complete. Throws
  /// Error(kEngineFailed) for an endless line, and what on_data throws.
  void feed(std::string_view piece);

 private:
  void take_line(std::string_view line);

  OnData on_data_;
  std::string held_;  ///< the beginning of a line
};

}  // namespace hailstone::engines::llama
