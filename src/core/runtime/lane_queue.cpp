// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/lane_queue.hpp"

#include <algorithm>

namespace hailstone::core {

std::size_t LaneQueue::place_of_next(Lane lane) const noexcept {
  std::size_t place = 1;
  for (const auto other : kLanes) {
    if (other <= lane) place += state(other).waiting.size();
  }
  return place;
}

int LaneQueue::running() const noexcept {
  int all = 0;
  for (const auto& lane : lanes_) all += lane.running;
  return all;
}

bool LaneQueue::is_unused() const noexcept {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const State& lane) { return lane.running == 0 && lane.waiting.empty(); });
}

bool LaneQueue::may_begin(Lane lane, SlotLimits limits) const noexcept {
  const State& one = state(lane);
  if (one.waiting.empty() || running() >= limits.all) return false;
  return lane != Lane::kBatch || one.running < limits.batch;
}

std::optional<Lane> LaneQueue::choose(SlotLimits limits) const noexcept {
  std::optional<Lane> chosen;
  for (const auto lane : kLanes) {
    if (!may_begin(lane, limits)) continue;
    if (!chosen || state(lane).passed_over >= kPatience) chosen = lane;
  }
  return chosen;
}

Ticket* LaneQueue::grant(SlotLimits limits) {
  const auto lane = choose(limits);
  if (!lane) return nullptr;
  for (const auto other : kLanes) {
    if (other > *lane && may_begin(other, limits)) ++state(other).passed_over;
  }
  State& chosen = state(*lane);
  chosen.passed_over = 0;
  ++chosen.running;
  Ticket* ticket = chosen.waiting.front();
  chosen.waiting.pop_front();
  ticket->has_slot = true;
  return ticket;
}

void LaneQueue::leave(const Ticket& ticket) noexcept {
  if (ticket.has_slot) return end(ticket.lane);
  std::erase(state(ticket.lane).waiting, &ticket);
}

QueueFigures LaneQueue::figures() const noexcept {
  QueueFigures figures;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    figures[i] = {lanes_[i].waiting.size(), static_cast<std::size_t>(lanes_[i].running)};
  }
  return figures;
}

}  // namespace hailstone::core
