// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who of those that want a model has the next slot of it. More urgent lanes go first, but a lane
// that has been passed over a few times in a row gets a turn, so that none starves. Batch work
// holds only a part of the slots: what has begun on an engine stands before whoever comes next.

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <optional>

#include "base/lane.hpp"

namespace hailstone::core {

/// How much work the machine can take at the moment.
enum class Pace {
  kFull,
  kLessBatch,  ///< the batch lane runs one request at a time
  kNoBatch,    ///< what waits in the batch lane goes on waiting
  kNoWork,     ///< nothing begins
};

/// Runs of one model that there may be at once.
struct SlotLimits {
  int all = 0;
  int batch = 0;  ///< of these
};

/// One who wants a slot. Stays where it is as long as it waits.
struct Ticket {
  Lane lane = Lane::kInteractive;
  bool has_slot = false;
  std::condition_variable_any called;  ///< notified when it gets one
};

/// Of one model. Pure; not thread-safe.
class LaneQueue {
 public:
  /// Its place in the queue, counted from 1: so many stand before it, and it is one more. Those of
  /// less urgent lanes do not.
  std::size_t place_of_next(Lane lane) const noexcept;

  void push(Ticket& ticket) { state(ticket.lane).waiting.push_back(&ticket); }
  /// Gives a slot to who is next, if there may be one. Null: nobody may begin.
  Ticket* grant(SlotLimits limits);
  /// Of one that has a slot: it is free. Of one that waits: it leaves.
  void end(Lane lane) noexcept { --state(lane).running; }
  void leave(const Ticket& ticket) noexcept;

  int running() const noexcept;
  bool is_unused() const noexcept;
  QueueFigures figures() const noexcept;

 private:
  static constexpr int kPatience = 8;  ///< turns that go to more urgent lanes, in a row

  struct State {
    std::deque<Ticket*> waiting;
    int running = 0;
    int passed_over = 0;
  };

  State& state(Lane lane) noexcept { return lanes_[static_cast<std::size_t>(lane)]; }
  const State& state(Lane lane) const noexcept { return lanes_[static_cast<std::size_t>(lane)]; }
  bool may_begin(Lane lane, SlotLimits limits) const noexcept;
  std::optional<Lane> choose(SlotLimits limits) const noexcept;

  std::array<State, kLanes.size()> lanes_;
};

}  // namespace hailstone::core
