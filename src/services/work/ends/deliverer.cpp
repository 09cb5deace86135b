// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/ends/deliverer.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::jobs {
namespace {

/// Without news somebody's delay may have passed.
constexpr std::chrono::milliseconds kPoll{1000};
constexpr std::chrono::seconds kLongestCall{60};
constexpr std::size_t kAtOnce = 16;
constexpr std::size_t kManyAtOnce = 100;

}  // namespace

Delays web_delays() {
  using namespace std::chrono_literals;
  return {{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h}};
}

Delays local_delays() {
  using namespace std::chrono_literals;
  return {{1s, 2s, 5s, 10s, 30s}, true};
}

Deliverer::Deliverer(core::JobQueue& queue, Sink& sink, Delays delays)
    : queue_(queue), sink_(sink), delays_(std::move(delays)), thread_([this](const auto& stop) {
        os::set_thread_name("job-ends");
        work(stop);
      }) {}

void Deliverer::work(const std::stop_token& stop) {
  std::uint64_t version = 0;
  while (!stop.stop_requested()) {
    try {
      if (tell_all(stop)) continue;
    } catch (const Error& error) {
      log::warning("jobs", "the queue cannot be read", {{"why", error.what()}});
    }
    try {
      version = queue_.wait_for_change(version, {Deadline::in(kPoll), stop});
    } catch (const Error&) {  // nothing has changed, or the end
    }
  }
}

/// Whether there was any.
bool Deliverer::tell_all(const std::stop_token& stop) {
  const bool takes_many = sink_.takes_many();
  const auto jobs = queue_.untold(sink_.webhooks(), takes_many ? kManyAtOnce : kAtOnce);
  if (takes_many && jobs.size() > 1 && tell_together(jobs, stop)) return true;
  for (const auto& job : jobs) {
    if (stop.stop_requested()) break;
    tell(job, stop);
  }
  return !jobs.empty();
}

/// Whether all have been told.
bool Deliverer::tell_together(const std::vector<core::Job>& jobs, const std::stop_token& stop) {
  try {
    std::vector<EndedJob> ends;
    std::vector<std::string> ids;
    for (const auto& job : jobs) {
      ends.push_back({job, job.answer ? queue_.read_answer(job.id) : std::string()});
      ids.push_back(job.id);
    }
    sink_.tell_many(ends, {Deadline::in(kLongestCall), stop});
    queue_.note_told(ids);
    return true;
  } catch (const Error&) {  // told with each, alone
    return false;
  }
}

void Deliverer::tell(const core::Job& job, const std::stop_token& stop) {
  try {
    const std::string answer = job.answer ? queue_.read_answer(job.id) : std::string();
    sink_.tell(job, answer, {Deadline::in(kLongestCall), stop});
    queue_.note_told({job.id});
  } catch (const Error& error) {
    if (stop.stop_requested()) return;
    const auto attempt = static_cast<std::size_t>(job.tell_attempts);
    const bool gives_up = !delays_.is_endless && attempt >= delays_.each.size();
    log::warning("jobs",
                 gives_up ? "the end of a job is told no more" : "the end of a job was not told",
                 {{"job", job.id}, {"webhook", job.webhook}, {"why", error.what()}});
    if (gives_up) {
      queue_.note_told({job.id});
    } else {
      queue_.tell_later(job.id, delays_.each[std::min(attempt, delays_.each.size() - 1)]);
    }
  }
}

}  // namespace hailstone::jobs
