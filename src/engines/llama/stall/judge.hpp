// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// When a server is stuck: it has work and does nothing, or computes for ever and says nothing, or
// it computes for nobody, because whoever asked has left. A long prompt on a slow machine is none
// of these. Pure.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "os/process_activity.hpp"

namespace hailstone::engines::llama {

struct StallLimits {
  /// Longest time in which it says nothing, takes no processor and waits for no page of its model.
  std::chrono::nanoseconds idle = std::chrono::minutes(1);
  /// Longest time in which it says nothing. llama-server tells of each batch of a prompt.
  std::chrono::nanoseconds silent = std::chrono::minutes(10);

  /// Longest time in which it computes without a request. A batch of a prompt is brought to its end
  /// after its client has left, and takes some seconds on a small machine.
  std::chrono::nanoseconds unasked = std::chrono::seconds(20);

  /// How often to look.
  std::chrono::nanoseconds interval() const noexcept;
};

/// What is seen in one look.
struct StallLook {
  std::chrono::nanoseconds elapsed{};  ///< since the look before
  bool is_awaited = false;             ///< somebody waits for it
  std::uint64_t signs = 0;             ///< count of what it has said so far
  os::ProcessActivity activity;
  bool is_asked = true;  ///< somebody has a request there, waiting or busy with what has come
};

/// Owned by one thread.
class StallJudge {
 public:
  explicit StallJudge(StallLimits limits) noexcept : limits_(limits) {}

  /// What is wrong, as "it did nothing for 1m0s"; nothing while all is well.
  std::optional<std::string> look(const StallLook& look);
  /// Whether the last look showed one that has no request and does nothing.
  bool is_at_rest() const noexcept { return !last_.is_asked && unasked_ == unasked_.zero(); }

 private:
  StallLimits limits_;
  StallLook last_;
  std::chrono::nanoseconds idle_{};
  std::chrono::nanoseconds silent_{};
  std::chrono::nanoseconds unasked_{};
};

}  // namespace hailstone::engines::llama
