// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Who uses a model next: slots are given by lane, as many as the model serves at once, whoever
// asks.
#include "core/runtime/admission.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

/// Of a model that does not say how many runs it works on at once. Enough to keep it busy while
/// others prepare, few enough that who is more urgent comes soon.
constexpr int kUnknownSlots = 8;

Error queue_full() {
  return Error(ErrorCode::kBusy,
               "server busy, please try again.  maximum pending requests exceeded")
      .set_retry_after(std::chrono::seconds(1));
}

Error waited_too_long(const std::string& name) {
  return Error(ErrorCode::kBusy,
               "server busy, please try again.  '" + name + "' had no slot free within the time")
      .set_retry_after(std::chrono::seconds(1));
}

}  // namespace

Runtime::Impl::Turn::Turn(Impl& runtime, const std::string& name, const RunContext& run)
    : runtime_(runtime),
      name_(name),
      patience_(run.deadline.earlier(Deadline::in(runtime.options.queue_timeout, runtime.clock))) {
  if (runtime_.refusal) throw Error(*runtime_.refusal);
  LaneQueue& queue = runtime_.queues[name_];
  const std::size_t place = queue.place_of_next(run.lane);
  ticket_.lane = run.lane;
  queue.push(ticket_);
  runtime_.grant_slots(name_);
  if (ticket_.has_slot) return;
  if (place > static_cast<std::size_t>(std::max(0, runtime_.options.max_queue))) {
    queue.leave(ticket_);
    throw queue_full();
  }
  if (run.queue_position != nullptr) *run.queue_position = std::max(*run.queue_position, place);
}

Runtime::Impl::Turn::~Turn() {
  if (is_kept_) return;
  if (ticket_.has_slot) {
    runtime_.end_turn(name_, ticket_.lane);
    return;
  }
  const auto queue = runtime_.queues.find(name_);
  queue->second.leave(ticket_);
  if (queue->second.is_unused()) runtime_.queues.erase(queue);
}

void Runtime::Impl::Turn::await_slot(TableLock& lock, const RunContext& run) {
  while (!ticket_.has_slot) {
    run.check();
    if (patience_.has_passed(runtime_.clock)) throw waited_too_long(name_);
    lock.wait(ticket_.called, run.stop, patience_.time(), [this] { return ticket_.has_slot; });
  }
}

SlotLimits Runtime::Impl::limits_of(const std::string& name) const {
  if (pace == Pace::kNoWork) return {};
  SlotLimits limits{1, 1};  // of a model that is not there: one goes ahead and has it loaded
  const auto found = table.find(name);
  if (found != table.end() && found->second->loaded && found->second->model().alive()) {
    const ResidentModel& resident = *found->second;
    // Whoever has asked for a reload has his slot; the others wait until it is done.
    if (resident.wanted_gone) return {};
    const int slots = resident.model().slots();
    limits.all = slots > 0 ? slots : kUnknownSlots;
  }
  const int all_batch = pace == Pace::kNoBatch     ? 0
                        : pace == Pace::kLessBatch ? 1
                                                   : options.max_batch;
  const auto queue = queues.find(name);
  const int own = queue == queues.end() ? 0 : static_cast<int>(queue->second.figures()[2].running);
  // Of several slots one stays free for who is more urgent.
  limits.batch =
      std::min(std::max(1, limits.all - 1), std::max(0, all_batch - batch_running + own));
  return limits;
}

void Runtime::Impl::grant_slots(const std::string& name) {
  const auto found = queues.find(name);
  if (found == queues.end()) return;
  while (Ticket* ticket = found->second.grant(limits_of(name))) {
    if (ticket->lane == Lane::kBatch) ++batch_running;
    ticket->called.notify_one();
  }
}

void Runtime::Impl::grant_all_slots() {
  for (const auto& [name, queue] : queues) grant_slots(name);
}

void Runtime::Impl::end_turn(const std::string& name, Lane lane) {
  const auto found = queues.find(name);
  found->second.end(lane);
  if (found->second.is_unused()) queues.erase(found);
  if (lane != Lane::kBatch) return grant_slots(name);
  --batch_running;
  grant_all_slots();
}

void Runtime::Impl::set_pace(Pace new_pace, std::optional<Error> new_refusal) {
  const TableLock lock(mutex);
  pace = new_pace;
  refusal.swap(new_refusal);
  grant_all_slots();
}

QueueFigures Runtime::Impl::queue() const {
  QueueFigures sum;
  const TableLock lock(mutex);
  for (const auto& [name, queue] : queues) {
    const QueueFigures figures = queue.figures();
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i].waiting += figures[i].waiting;
      sum[i].running += figures[i].running;
    }
  }
  return sum;
}

}  // namespace hailstone::core
