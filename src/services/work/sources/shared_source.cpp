// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/shared_source.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"
#include "services/work/sources/ended.hpp"
#include "services/work/sources/request.hpp"

namespace hailstone::jobs {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// What has not begun by then begins earlier on another box, perhaps.
constexpr milliseconds kPatience{10s};
constexpr milliseconds kNoRoom{5s};
constexpr milliseconds kElsewhere{1s};
constexpr milliseconds kBetweenMeasures{15s};
constexpr milliseconds kLook{200};
constexpr milliseconds kFirstDelay{2s};
constexpr milliseconds kLongestDelay{5min};
/// So many times the attempts may a piece of work go from box to box without anybody's fault.
constexpr int kHandedOn = 4;

milliseconds delay_after(int attempt) {
  return std::min(kLongestDelay,
                  milliseconds(kFirstDelay * (1LL << std::clamp(attempt - 1, 0, 16))));
}

/// The name that all boxes know it by.
WorkEnd end_of(core::Job job, const std::string& id, const std::string& answer) {
  job.id = id;
  return work_end_of(job, answer);
}

}  // namespace

SharedSource::SharedSource(JobService& service, core::QueueFile queue, Limits limits,
                           std::unique_ptr<Broker> broker, QueueGauges& gauges)
    : service_(service),
      queue_(std::move(queue)),
      limits_(limits),
      target_(service.target_of(queue_.task)),
      broker_(std::move(broker)),
      gauges_(gauges) {
  forget_unfinished();
  deliverer_.emplace(service_.queue(), static_cast<Sink&>(*this), local_delays());
  thread_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("shared-work");
    work(stop);
  });
}

SharedSource::~SharedSource() {
  thread_ = {};
  deliverer_.reset();
  for (const auto& [id, held] : held()) {
    try {
      if (held.job.empty()) continue;
      // Its result is told at the next start: nobody has to do it again.
      if (service_.queue().cancel(held.job).state == core::JobState::kSucceeded) continue;
      broker_->give_back(id, 0ms, Begun::kNo);
    } catch (const Error& error) {
      log::warning("queues", "work could not be given back; another box has it when its lease ends",
                   {{"queue", queue_.name}, {"id", id}, {"why", error.what()}});
    }
  }
}

/// Of a daemon before this one. The broker gives it to somebody else, or once more to this one.
void SharedSource::forget_unfinished() {
  for (;;) {
    const auto jobs = service_.queue().untold(webhooks(), 100);
    bool has_removed = false;
    for (const auto& job : jobs) {
      if (job.state == core::JobState::kSucceeded) continue;
      service_.queue().remove(job.id);
      has_removed = true;
    }
    if (!has_removed) return;
  }
}

void SharedSource::work(const std::stop_token& stop) {
  std::uint64_t version = 0;
  std::string problem;
  while (!stop.stop_requested()) {
    try {
      look_after();
      if (find_room() > 0) {
        take({Deadline::never(), stop});
      } else {
        version = service_.queue().wait_for_change(version, {Deadline::in(kLook), stop});
      }
      problem.clear();
    } catch (...) {  // the top of this thread: a broker that is away, a full disk
      const std::string what = current_error().what();
      if (what != problem) {
        log::warning("queues", "no work can be taken",
                     {{"queue", queue_.name}, {"why", what}, {"help", current_error().detail()}});
      }
      problem = what;
      service_.queue().wait_for_change(version, {Deadline::in(1s), stop});
    }
  }
}

void SharedSource::look_after() {
  const auto now = system_clock().now();
  if (now >= next_keep_) {
    next_keep_ = now + std::chrono::duration_cast<SteadyTime::duration>(limits_.sharing.lease) / 3;
    broker_->keep();
  }
  for (const auto& [id, held] : held()) {
    if (held.job.empty() || now - held.since < kPatience) continue;
    if (!service_.queue().take_back(held.job)) continue;
    give_back(id, kElsewhere, Begun::kNo, "it has not begun here");
    rest(kNoRoom);
  }
  if (now >= next_measure_) {
    next_measure_ = now + kBetweenMeasures;
    gauges_.show(broker_->measure());
  }
}

void SharedSource::rest(milliseconds time) {
  rest_until_ = std::max(rest_until_, system_clock().now() + time);
}

/// Only what can begin at once is taken: for the rest there may be another box.
std::size_t SharedSource::find_room() {
  if (system_clock().now() < rest_until_) return 0;
  if (!is_at_home(queue_.model)) {
    if (missing_model_ != queue_.model) {
      log::warning("queues", "takes no work until the model is installed",
                   {{"queue", queue_.name}, {"model", queue_.model}});
    }
    missing_model_ = queue_.model;
    rest(kNoRoom);
    return 0;
  }
  missing_model_.clear();
  const auto threads = static_cast<std::size_t>(limits_.threads);
  const auto most = std::min(threads, static_cast<std::size_t>(queue_.parallel));
  const auto taken = held().size();
  if (taken >= most) return 0;
  const auto busy = service_.queue().count_busy(threads);
  return busy >= threads ? 0 : std::min(most - taken, threads - busy);
}

bool SharedSource::is_at_home(const std::string& model) const {
  return model.empty() || service_.has_model(model);
}

void SharedSource::take(const RunContext& run) {
  for (const auto& work : broker_->take(find_room(), run)) accept(work);
}

void SharedSource::accept(const LeasedWork& work) {
  gauges_.note_taken(work.attempt > 1);
  {
    const std::lock_guard lock(mutex_);
    held_[work.id] = {{}, work.attempt, system_clock().now()};
  }
  try {
    if (work.attempt > limits_.sharing.attempts * kHandedOn) {
      throw Error(ErrorCode::kEngineFailed,
                  "it was begun " + std::to_string(work.attempt - 1) + " times and never ended");
    }
    submit(work);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kBusy || error.code() == ErrorCode::kOutOfMemory) {
      give_back(work.id, kElsewhere, Begun::kNo, error.what());
      rest(kNoRoom);
      throw;
    }
    refuse(work, {std::string(to_string(error.code())), error.what(), error.detail()});
  }
}

void SharedSource::submit(const LeasedWork& work) {
  core::NewJob job;
  job.task = make_task(queue_, target_, {}, work.payload);
  const bool is_last = work.attempt >= limits_.sharing.attempts * kHandedOn;
  if (!is_last && !is_at_home(job.task.model)) {
    return give_back(work.id, kElsewhere, Begun::kNo, "its model is not installed here");
  }
  job.priority = -queue_.priority;
  job.max_attempts = 1;  // the next may be another box's
  job.label = queue_.name + "/" + work.id;
  job.webhook = webhooks() + percent_encode(work.id);
  // Who has mended a request sends it under the same id.
  job.idempotency_key = webhooks() + work.id + " " + std::to_string(work.payload.size()) + " " +
                        std::to_string(std::hash<std::string>{}(work.payload));
  auto submission = service_.submit(job);
  if (!submission.is_new && core::is_final(submission.job.state)) {
    if (submission.job.state == core::JobState::kSucceeded) {
      service_.queue().tell_again(submission.job.id);
    } else {  // an attempt before this one
      service_.queue().remove(submission.job.id);
      submission = service_.submit(job);
    }
  }
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(work.id);
  if (found != held_.end()) found->second.job = submission.job.id;
}

void SharedSource::refuse(const LeasedWork& work, const core::JobError& error) {
  core::Job refused;
  refused.state = core::JobState::kFailed;
  refused.error = error;
  broker_->finish({{work.id, end_of(std::move(refused), work.id, {})}});
  gauges_.note_finished(false);
  let_go(work.id);
}

void SharedSource::give_back(const std::string& id, milliseconds delay, Begun begun,
                             const char* why) {
  log::debug("queues", "work goes back", {{"queue", queue_.name}, {"id", id}, {"why", why}});
  broker_->give_back(id, delay, begun);
  gauges_.note_given_back();
  let_go(id);
}

std::string SharedSource::webhooks() const {
  return "shared:" + queue_.name + "/";
}

/// Whether it may succeed another time or on another box.
bool SharedSource::may_pass_elsewhere(const core::Job& job, int attempt) const {
  if (job.state == core::JobState::kDead) return attempt < limits_.sharing.attempts;
  return job.error && job.error->code == to_string(ErrorCode::kNotFound) &&
         attempt < limits_.sharing.attempts * kHandedOn;
}

void SharedSource::tell(const core::Job& job, const std::string& answer, const RunContext& run) {
  tell_many({{job, answer}}, run);
}

void SharedSource::tell_many(const std::vector<EndedJob>& ends, const RunContext&) {
  std::vector<FinishedWork> finished;
  for (const auto& [job, answer] : ends) {
    std::string id = job.label.substr(queue_.name.size() + 1);
    if (goes_back(job, id)) {
      service_.queue().remove(job.id);
    } else {
      WorkEnd end = end_of(job, id, answer);
      finished.push_back({std::move(id), std::move(end)});
    }
  }
  if (finished.empty()) return;
  broker_->finish(finished);
  for (const auto& work : finished) {
    gauges_.note_finished(work.end.is_good);
    let_go(work.id);
  }
}

/// Without a result: it is another box's by now, or may become it.
bool SharedSource::goes_back(const core::Job& job, const std::string& id) {
  if (job.state == core::JobState::kSucceeded) return false;
  if (!broker_->holds(id)) {
    let_go(id);
    return true;
  }
  const int attempt = attempt_of(id);
  if (!may_pass_elsewhere(job, attempt)) return false;
  const Begun begun = job.state == core::JobState::kDead ? Begun::kYes : Begun::kNo;
  give_back(id, delay_after(attempt), begun, job.error ? job.error->message.c_str() : "");
  return true;
}

int SharedSource::attempt_of(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(id);
  return found == held_.end() ? 1 : found->second.attempt;
}

void SharedSource::let_go(const std::string& id) {
  const std::lock_guard lock(mutex_);
  held_.erase(id);
}

std::map<std::string, SharedSource::Held> SharedSource::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

}  // namespace hailstone::jobs
