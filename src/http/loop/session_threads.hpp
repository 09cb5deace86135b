// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The threads of sessions that may last for hours: one each, and not more than a limit, so that
// they take no worker away from requests.

#include <condition_variable>
#include <functional>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "base/sync/mutex.hpp"

namespace hailstone::http {

/// Thread-safe. Sessions are asked to end by their owner, before stop().
class SessionThreads {
 public:
  explicit SessionThreads(int limit) noexcept : limit_(limit) {}
  ~SessionThreads() { stop(); }
  SessionThreads(const SessionThreads&) = delete;
  SessionThreads& operator=(const SessionThreads&) = delete;

  /// Given back when it goes, before the threads themselves do.
  class Place {
   public:
    Place(Place&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (owner_ != nullptr) owner_->give_back();
    }

   private:
    friend class SessionThreads;
    explicit Place(SessionThreads* owner) noexcept : owner_(owner) {}
    SessionThreads* owner_;
  };
  /// Nothing where all are taken.
  std::optional<Place> find_place();

  /// body is destroyed on its thread. Throws std::system_error where the machine has no thread
  /// left.
  void start(Place place, std::function<void()> body);

  /// Waits for all.
  void stop();

 private:
  using Threads = std::list<std::thread>;

  void give_back();

  const int limit_;
  Mutex mutex_;
  int taken_ HAILSTONE_GUARDED_BY(mutex_) = 0;
  unsigned started_ HAILSTONE_GUARDED_BY(mutex_) = 0;  // numbers the threads' names
  Threads threads_ HAILSTONE_GUARDED_BY(mutex_);
  Threads ended_ HAILSTONE_GUARDED_BY(mutex_);  // to be joined
  std::condition_variable has_ended_;
};

}  // namespace hailstone::http
