// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/gauges.hpp"

namespace hailstone::jobs {

QueueGauges::QueueGauges(core::Metrics& metrics, const std::string& queue)
    : waiting_(metrics.gauge("hailstone_queue_waiting", "Work that nobody has begun",
                             {{"queue", queue}})),
      running_(metrics.gauge("hailstone_queue_running", "Work that somebody has begun",
                             {{"queue", queue}})),
      dead_(metrics.gauge("hailstone_queue_dead", "Work that was given up", {{"queue", queue}})),
      oldest_(metrics.gauge("hailstone_queue_oldest_seconds", "Age of what has waited for longest",
                            {{"queue", queue}})),
      taken_(metrics.counter("hailstone_queue_taken_total", "Work taken by this box",
                             {{"queue", queue}, {"attempt", "first"}})),
      again_(metrics.counter("hailstone_queue_taken_total", "Work taken by this box",
                             {{"queue", queue}, {"attempt", "later"}})),
      given_back_(metrics.counter("hailstone_queue_given_back_total",
                                  "Work that this box gave back to be done later or elsewhere",
                                  {{"queue", queue}})),
      succeeded_(metrics.counter("hailstone_queue_finished_total", "Results of this box",
                                 {{"queue", queue}, {"outcome", "succeeded"}})),
      failed_(metrics.counter("hailstone_queue_finished_total", "Results of this box",
                              {{"queue", queue}, {"outcome", "failed"}})) {}

void QueueGauges::show(const Backlog& backlog) {
  waiting_.set(static_cast<double>(backlog.waiting));
  running_.set(static_cast<double>(backlog.taken));
  dead_.set(static_cast<double>(backlog.dead));
  oldest_.set(backlog.oldest ? static_cast<double>(backlog.oldest->count()) : 0);
}

void QueueGauges::note_taken(bool is_again) {
  (is_again ? again_ : taken_).add();
}

void QueueGauges::note_given_back() {
  given_back_.add();
}

void QueueGauges::note_finished(bool is_good) {
  (is_good ? succeeded_ : failed_).add();
}

}  // namespace hailstone::jobs
