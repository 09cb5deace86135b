// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/runner.hpp"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::jobs {
namespace {

using std::chrono::milliseconds;

/// Without news somebody's delay may have passed.
constexpr milliseconds kPoll{1000};

bool is_good(int status) noexcept {
  return status >= 200 && status < 300;
}

core::JobOutcome outcome_of(const http::Response& response) {
  return {{response.status, response.content_type, response.body.size(), response.headers.all()},
          response.body};
}

core::JobError error_of(const http::Dispatched& done) {
  if (done.error) {
    return {std::string(to_string(done.error->code())), std::string(done.error->what()),
            done.error->detail()};
  }
  return {"http_" + std::to_string(done.response.status), done.response.body.substr(0, 500), ""};
}

/// What another attempt may mend: an engine that died, a time that was too short.
bool may_pass(const http::Dispatched& done) noexcept {
  if (!done.error) return done.response.status >= 500;
  return done.error->code() == ErrorCode::kEngineFailed ||
         done.error->code() == ErrorCode::kTimeout || done.error->code() == ErrorCode::kInternal;
}

/// Nothing is wrong with the job: there was no room for it.
bool is_turned_away(const http::Dispatched& done) noexcept {
  return done.error && done.error->code() == ErrorCode::kBusy;
}

std::string outcome_name(const core::ClaimedJob& claimed, const http::Dispatched& done,
                         bool is_shutdown) {
  if (!done.error && is_good(done.response.status)) return "succeeded";
  if (is_turned_away(done) || (is_shutdown && !claimed.stop.stop_requested())) return "given_back";
  return may_pass(done) && claimed.job.attempts < claimed.job.max_attempts ? "again" : "failed";
}

/// For so long, or until the end.
void wait(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

JobRunner::JobRunner(core::JobQueue& queue, Perform perform, RunnerOptions options)
    : queue_(queue),
      perform_(std::move(perform)),
      options_(options),
      random_(std::random_device{}()) {
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this, i](const std::stop_token& stop) {
      os::set_thread_name(("job-" + std::to_string(i)).c_str());
      work(stop);
    });
  }
  threads_.emplace_back([this](const std::stop_token& stop) {
    os::set_thread_name("job-sweep");
    keep_house(stop);
  });
}

JobRunner::~JobRunner() {
  for (auto& thread : threads_) thread.request_stop();
}

void JobRunner::work(const std::stop_token& stop) {
  std::uint64_t version = 0;
  while (!stop.stop_requested()) {
    try {
      if (const auto claimed = queue_.claim(preferred_model())) {
        note_model(claimed->job.task.model);
        const auto done = run_one(*claimed, stop);
        settle_surely(*claimed, done, stop);
        continue;
      }
    } catch (...) {  // the top of this thread: a full disk, a broken file
      log::error("jobs", "the queue of jobs cannot be used", {{"why", current_error().what()}});
      version = queue_.wait_for_change(version, {Deadline::in(10 * kPoll), stop});
    }
    version = queue_.wait_for_change(version, {Deadline::in(kPoll), stop});
  }
}

void JobRunner::keep_house(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      queue_.sweep();
      if (options_.note_counts) options_.note_counts(queue_.count());
    } catch (...) {  // the top of this thread
      log::warning("jobs", "old jobs cannot be removed", {{"why", current_error().what()}});
    }
    wait(options_.sweep_interval, stop);
  }
}

http::Dispatched JobRunner::run_one(const core::ClaimedJob& claimed,
                                    const std::stop_token& shutdown) {
  std::stop_source either;
  const auto stop = [&either] { either.request_stop(); };
  const std::stop_callback on_cancel(claimed.stop, stop);
  const std::stop_callback on_shutdown(shutdown, stop);
  http::Dispatched done;
  try {
    RunContext run;
    run.stop = either.get_token();
    run.lane = Lane::kBatch;
    done = perform_(claimed, run);
  } catch (...) {  // what the dispatch itself throws: a target that no longer can be read
    done.error = current_error();
  }
  return done;
}

/// While the disk is full, what came of the attempt is kept here: a job that nobody works on any
/// more would run for ever, according to the table.
void JobRunner::settle_surely(const core::ClaimedJob& claimed, const http::Dispatched& done,
                              const std::stop_token& shutdown) {
  const std::string outcome = outcome_name(claimed, done, shutdown.stop_requested());
  if (options_.note_attempt) options_.note_attempt(outcome);
  for (;;) {
    try {
      return settle(claimed, done, shutdown.stop_requested());
    } catch (...) {  // as at the top of this thread
      log::error("jobs", "the end of a job cannot be written, and is tried again",
                 {{"job", claimed.job.id}, {"why", current_error().what()}});
    }
    if (shutdown.stop_requested()) return;  // the next daemon runs it again
    wait(kPoll, shutdown);
  }
}

void JobRunner::settle(const core::ClaimedJob& claimed, const http::Dispatched& done,
                       bool is_shutdown) {
  const auto& job = claimed.job;
  if (!done.error && is_good(done.response.status)) {
    return queue_.succeed(job.id, outcome_of(done.response));
  }
  if (is_shutdown && !claimed.stop.stop_requested()) return queue_.give_back(job.id, {});
  const core::JobError error = error_of(done);
  if (is_turned_away(done)) {
    const milliseconds wait = done.error->retry_after().value_or(std::chrono::seconds(1));
    return queue_.give_back(job.id, std::max(wait, delay_after(1)));
  }
  const core::JobOutcome outcome = outcome_of(done.response);
  if (!may_pass(done)) return queue_.fail(job.id, error, outcome);
  log::warning("jobs", "a job has failed",
               {{"job", job.id},
                {"attempt", std::to_string(job.attempts)},
                {"of", std::to_string(job.max_attempts)},
                {"why", error.message}});
  queue_.retry_later(job.id, error, outcome, delay_after(job.attempts));
}

/// Twice as long with each attempt, and up to a quarter more, so that jobs which failed together
/// do not come back together.
milliseconds JobRunner::delay_after(int attempts) {
  const int doublings = std::clamp(attempts - 1, 0, 20);
  const milliseconds delay =
      std::min(milliseconds(options_.first_delay * (1LL << doublings)), options_.longest_delay);
  const std::lock_guard lock(mutex_);
  std::uniform_int_distribution<std::int64_t> more(0, delay.count() / 4);
  return delay + milliseconds(more(random_));
}

std::string JobRunner::preferred_model() {
  const std::lock_guard lock(mutex_);
  return last_model_;
}

void JobRunner::note_model(const std::string& model) {
  const std::lock_guard lock(mutex_);
  last_model_ = model;
}

}  // namespace hailstone::jobs
