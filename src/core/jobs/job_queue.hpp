// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The durable queue: nothing that was submitted is lost by a crash or a power cut, and what was
// running then is run again, at most as often as its attempts allow. One file of SQLite's, and a
// folder for what is large.

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "core/jobs/job.hpp"
#include "core/jobs/payloads.hpp"

namespace hailstone::core {

class Database;

struct JobQueueOptions {
  std::size_t max_unfinished = 200'000;              ///< queued and running; more are refused
  ByteSize max_stored = ByteSize::gib(4);            ///< bodies and results together
  std::chrono::seconds keep_results{7 * 24 * 3600};  ///< of what has ended
  /// A model whose jobs are running is preferred only while nobody else has waited for longer.
  std::chrono::seconds patience{120};
};

struct JobFilter {
  std::optional<JobState> state;
  std::string batch;        ///< empty: any
  std::int64_t before = 0;  ///< job numbers below it; zero: from the newest on
  std::size_t limit = 100;
};

struct JobCounts {
  std::map<JobState, std::size_t> by_state;
  std::optional<WallTime> oldest_queued;
  ByteSize stored;

  std::size_t of(JobState state) const {
    const auto found = by_state.find(state);
    return found == by_state.end() ? 0 : found->second;
  }
};

struct ClaimedJob {
  Job job;
  std::string body;
  std::stop_token stop;  ///< somebody cancels the job
};

/// Thread-safe. Everything throws as Database and Payloads do. What changes is durable on return.
class JobQueue {
 public:
  /// The file is opened or made at the first call, beside a folder of the same name for payloads,
  /// and tried again at the next where that failed. What was running when the last daemon ended is
  /// queued again then, or dead where its attempts are used up. The clock outlives the queue.
  explicit JobQueue(std::filesystem::path file, JobQueueOptions options = {},
                    const Clock& clock = system_clock());
  ~JobQueue();
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  struct Submission {
    Job job;
    bool is_new = true;  ///< false: an earlier one of the same idempotency key
  };
  /// Throws kConflict where the idempotency key was used for another task, kBusy where too much is
  /// unfinished or stored.
  Submission submit(const NewJob& job);
  /// All or none; keys are not looked at.
  void submit_all(const std::vector<NewJob>& jobs);

  /// The next job that may begin, if any; it is running then, for this caller alone.
  /// preferred_model: what is in memory already; empty: none.
  std::optional<ClaimedJob> claim(const std::string& preferred_model = {});

  /// How far a running job is, 0 to 1.
  void note_progress(const std::string& id, double progress);

  /// The ends of an attempt. A job that was cancelled meanwhile is cancelled, unless it has
  /// succeeded. fail: with an answer, where there was one.
  void succeed(const std::string& id, const JobOutcome& outcome);
  void fail(const std::string& id, const JobError& error, const JobOutcome& outcome);
  /// Queued again after the delay, or dead where its attempts are used up.
  void retry_later(const std::string& id, const JobError& error, const JobOutcome& outcome,
                   std::chrono::milliseconds delay);
  /// The attempt does not count: the daemon ends, or the machine is too hot.
  void give_back(const std::string& id, std::chrono::milliseconds delay);

  std::optional<Job> find(const std::string& id);
  /// The newest first.
  std::vector<Job> list(const JobFilter& filter);
  /// How many go before it, counted up to 10 000; nothing where it does not wait.
  std::optional<std::size_t> position(const Job& job);
  JobCounts count();
  /// How many run or could, counted up to the limit.
  std::size_t count_busy(std::size_t limit);
  JobCounts count_batch(const std::string& batch);
  /// Throws kNotFound where the job is unknown or has no answer (any more).
  std::string read_answer(const std::string& id);
  /// A batch's jobs in the order of submission, in pieces, so that memory holds few of them: those
  /// after a number.
  std::vector<Job> batch_page(const std::string& batch, std::int64_t after, std::size_t limit);

  /// What it is afterwards; a running one goes on to run until its work notices. Throws kNotFound.
  Job cancel(const std::string& id);
  /// How many were neither finished nor cancelled before.
  std::size_t cancel_batch(const std::string& batch);
  /// Queues a job anew that has failed, died, expired or was cancelled, with all its attempts.
  /// Throws kNotFound; kConflict for one that waits, runs or has succeeded.
  Job retry(const std::string& id);
  /// Throws kNotFound; kConflict for one that waits or runs.
  void remove(const std::string& id);
  /// Removes it where it still waits, so that it may run elsewhere; whether it did.
  bool take_back(const std::string& id);
  /// Removes all in this final state; how many.
  std::size_t remove_all(JobState state);

  /// Expires what did not get its turn, removes what was kept for long enough or takes too much
  /// room, the oldest first. To be called now and then.
  void sweep();

  /// Jobs that have ended, of whose end the webhook is to be told by now; it begins with that text.
  /// The one that has waited for longest first.
  std::vector<Job> untold(const std::string& webhooks, std::size_t limit);
  void note_told(const std::vector<std::string>& ids);
  /// It could not be told: again after the delay.
  void tell_later(const std::string& id, std::chrono::milliseconds delay);
  /// As if nobody had been told yet.
  void tell_again(const std::string& id);

  /// Waits until something changes after the given version, or the run is called off or too late.
  /// The version then. Start with zero.
  std::uint64_t wait_for_change(std::uint64_t version, const RunContext& run) const;
  /// Wakes those who wait, for a change that is not in the queue itself.
  void notify() { changed(); }

 private:
  Database& open();
  void recover();
  bool is_cancelled(const std::string& id) const;
  Job require(const std::string& id);
  void measure_unfinished();
  void take_room(std::size_t jobs, std::uint64_t bytes);
  void insert(const NewJob& job, const std::string& id, const std::string& digest);
  std::optional<Job> find_by_key(const NewJob& job, const std::string& digest);
  std::optional<std::string> choose_next(const std::string& preferred_model);
  std::string read_payload(const std::string& id, const char* sql, const char* suffix);
  void end(const std::string& id, JobState state, const std::optional<JobError>& error,
           const JobOutcome& outcome);
  void requeue(const std::string& id, const std::optional<JobError>& error, int attempts_back,
               std::chrono::milliseconds delay);
  void remove_rows(const std::vector<std::string>& ids);
  std::vector<std::string> select_ids(const char* sql, std::int64_t argument);
  JobCounts count_where(const char* condition, const std::string& argument);
  void changed();
  std::int64_t now() const;

  const JobQueueOptions options_;
  const Clock& clock_;
  const std::filesystem::path file_;
  const Payloads payloads_;

  mutable std::mutex mutex_;  ///< guards what is below; SQLite is called with it held
  std::unique_ptr<Database> database_;
  std::map<std::string, std::stop_source> running_;  ///< by id
  std::size_t unfinished_ = 0;                       ///< at most as many, see take_room()
  std::uint64_t unfinished_bytes_ = 0;

  mutable std::mutex change_mutex_;  ///< never held together with mutex_
  mutable std::condition_variable_any change_;
  std::uint64_t version_ = 1;  ///< guarded by change_mutex_
};

}  // namespace hailstone::core
