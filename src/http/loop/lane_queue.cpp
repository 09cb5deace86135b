// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/lane_queue.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::http {

bool LaneQueue::has_place(Lane lane) const noexcept {
  int all = 0;
  for (const auto& one : lanes_) all += one.running;
  return all < limits_.all && (lane != Lane::kBatch || state(lane).running < limits_.batch);
}

std::size_t LaneQueue::count_before(Lane lane) const noexcept {
  std::size_t count = 0;
  for (const auto other : kLanes) {
    if (other <= lane) count += state(other).waiting.size();
  }
  return count;
}

bool LaneQueue::push(std::shared_ptr<Job> job, Lane lane) {
  job->queue_position = 0;
  if (!has_place(lane)) {
    const auto before = count_before(lane);
    if (before >= max_waiting_) return false;
    job->queue_position = before + 1;
  }
  state(lane).waiting.push_back(std::move(job));
  return true;
}

std::optional<Lane> LaneQueue::choose() const noexcept {
  std::optional<Lane> chosen;
  for (const auto lane : kLanes) {
    if (!may_begin(lane)) continue;
    if (!chosen || state(lane).passed_over >= kPatience) chosen = lane;
  }
  return chosen;
}

std::optional<LaneQueue::Entry> LaneQueue::next() {
  const auto lane = choose();
  if (!lane) return std::nullopt;
  for (const auto other : kLanes) {
    if (other > *lane && may_begin(other)) ++state(other).passed_over;
  }
  auto& chosen = state(*lane);
  chosen.passed_over = 0;
  ++chosen.running;
  Entry entry{std::move(chosen.waiting.front()), *lane};
  chosen.waiting.pop_front();
  return entry;
}

std::shared_ptr<Job> LaneQueue::remove(const Job* job) {
  for (auto& [waiting, running, passed_over] : lanes_) {
    const auto found = std::find_if(waiting.begin(), waiting.end(),
                                    [job](const auto& other) { return other.get() == job; });
    if (found == waiting.end()) continue;
    auto removed = std::move(*found);
    waiting.erase(found);
    return removed;
  }
  return nullptr;
}

std::vector<std::shared_ptr<Job>> LaneQueue::clear() {
  std::vector<std::shared_ptr<Job>> waited;
  for (auto& lane : lanes_) {
    waited.insert(waited.end(), lane.waiting.begin(), lane.waiting.end());
    lane.waiting.clear();
  }
  return waited;
}

QueueFigures LaneQueue::figures() const noexcept {
  QueueFigures figures;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    figures[i] = {lanes_[i].waiting.size(), static_cast<std::size_t>(lanes_[i].running)};
  }
  return figures;
}

}  // namespace hailstone::http
