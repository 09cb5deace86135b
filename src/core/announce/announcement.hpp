// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells the local network of a service (mDNS, DNS-SD), through the Avahi that runs on this machine.
// Where none runs nothing is told, and that is no error.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <string>
#include <thread>

#include "base/sync/mutex.hpp"

namespace hailstone::core {

struct Announced {
  std::string name;  ///< "Hailstone on pi"
  std::string type;  ///< "_wyoming._tcp"
  std::uint16_t port = 0;
};

/// As long as it lives. Thread-safe.
class Announcement {
 public:
  /// Returns at once: Avahi is asked on a thread of this, again and again where it is not there.
  /// patience: between two looks at it.
  explicit Announcement(Announced what,
                        std::chrono::milliseconds patience = std::chrono::minutes(1));
  ~Announcement();
  Announcement(const Announcement&) = delete;
  Announcement& operator=(const Announcement&) = delete;

 private:
  void keep(const std::stop_token& stop);

  const Announced what_;
  const std::chrono::milliseconds patience_;
  Mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last
};

}  // namespace hailstone::core
