// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keys that live for minutes: a server with the real key gets one, and gives it to a browser.

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace hailstone::realtime {

struct ClientSecret {
  std::string value;  ///< "ek_..."
  WallTime expires{};
  std::string settings;  ///< JSON: the session that it opens
};

/// Thread-safe.
class ClientSecrets {
 public:
  explicit ClientSecrets(const Clock& clock = system_clock()) : clock_(clock) {}

  ClientSecret make(std::chrono::seconds life, std::string settings);
  /// Nothing for one that is unknown or over.
  std::optional<ClientSecret> find(std::string_view value) const;

 private:
  /// The oldest go.
  static constexpr std::size_t kMost = 10'000;

  void sweep();  // with the lock held

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, ClientSecret, std::less<>> secrets_;  // guarded by mutex_
};

}  // namespace hailstone::realtime
