// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was said before in a conversation, so that the next question may build on it. In memory
// only, and not for long.

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/sync/mutex.hpp"
#include "inference/message.hpp"

namespace hailstone::wyoming {

/// Thread-safe.
class Conversations {
 public:
  explicit Conversations(const Clock& clock) noexcept : clock_(clock) {}

  /// Oldest first; empty for one that is not known, or that nobody has gone on with for too long.
  std::vector<inference::Message> history(const std::string& id);
  /// What was said and what came of it. Without an id nothing is kept.
  void add(const std::string& id, const std::string& said, const std::string& answer);

  std::size_t size() const;

  static constexpr std::size_t kMost = 128;
  static constexpr std::size_t kMostTurns = 10;
  static constexpr std::size_t kMostText = std::size_t{8} << 10;  ///< bytes of one turn
  static constexpr std::chrono::minutes kKept{10};

 private:
  struct Conversation {
    std::vector<inference::Message> messages;
    SteadyTime used;
  };
  void forget_old() HAILSTONE_REQUIRES(mutex_);

  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<std::string, Conversation> all_ HAILSTONE_GUARDED_BY(mutex_);
};

}  // namespace hailstone::wyoming
