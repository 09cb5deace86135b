// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which piece of work begins next. More urgent lanes go first, but a lane that has been passed over
// a few times in a row gets a turn, so that none starves. Batch work holds only a part of the
// places: engines take their requests in the order of arrival, so what has begun there stands
// before whoever comes next.

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "http/lane.hpp"

namespace hailstone::http {

class Job {
 public:
  virtual ~Job() = default;
  virtual void run() noexcept = 0;

  /// At its admission, counted from 1; 0: it did not have to wait. Set before anybody runs it.
  std::size_t queue_position = 0;
};

/// Work that may run at once.
struct WorkLimits {
  int all = 48;
  int batch = 4;  ///< of these
};

/// Pure; not thread-safe. Whatever may begin has to be taken out by next() before the next push().
class LaneQueue {
 public:
  /// max_waiting: as many may stand before a request; those of less urgent lanes do not.
  LaneQueue(WorkLimits limits, std::size_t max_waiting) noexcept
      : limits_(limits), max_waiting_(max_waiting) {}

  struct Entry {
    std::shared_ptr<Job> job;
    Lane lane;
  };

  /// Sets the job's queue_position. False if the queue is full for this lane.
  bool push(std::shared_ptr<Job> job, Lane lane);
  /// What may begin now. It counts as running until end().
  std::optional<Entry> next();
  void end(Lane lane) noexcept { --running(lane); }
  /// Null if it does not wait here.
  std::shared_ptr<Job> remove(const Job* job);
  /// What waited.
  std::vector<std::shared_ptr<Job>> clear();

  void set_limits(WorkLimits limits) noexcept { limits_ = limits; }
  QueueFigures figures() const noexcept;

 private:
  static constexpr int kPatience = 8;  ///< turns that go to more urgent lanes, in a row

  struct State {
    std::deque<std::shared_ptr<Job>> waiting;
    int running = 0;
    int passed_over = 0;
  };

  State& state(Lane lane) noexcept { return lanes_[static_cast<std::size_t>(lane)]; }
  const State& state(Lane lane) const noexcept { return lanes_[static_cast<std::size_t>(lane)]; }
  int& running(Lane lane) noexcept { return state(lane).running; }
  bool has_place(Lane lane) const noexcept;
  bool may_begin(Lane lane) const noexcept {
    return !state(lane).waiting.empty() && has_place(lane);
  }
  std::size_t count_before(Lane lane) const noexcept;
  std::optional<Lane> choose() const noexcept;

  WorkLimits limits_;
  const std::size_t max_waiting_;
  std::array<State, kLanes.size()> lanes_;
};

}  // namespace hailstone::http
