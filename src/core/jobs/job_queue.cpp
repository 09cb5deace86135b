// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_queue.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "core/database/database.hpp"
#include "core/jobs/job_rows.hpp"

namespace hailstone::core {
namespace {

/// Larger ones make the database slow; they are files of their own.
constexpr std::size_t kMostInRow = 16 << 10;

constexpr char kBodySuffix[] = ".body";
constexpr char kAnswerSuffix[] = ".answer";

std::string digest_of(const JobTask& task) {
  std::string text;
  for (const auto* part : {&task.method, &task.target, &task.content_type, &task.body}) {
    text.append(std::to_string(part->size())).append(":").append(*part);
  }
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return to_hex(digest);
}

std::filesystem::path folder_of(std::filesystem::path file) {
  return file.replace_extension();
}

Statement& bind_time(Statement& statement, const std::optional<WallTime>& time) {
  return time ? statement.bind(to_milliseconds(*time)) : statement.bind_null();
}

Statement& bind_error(Statement& statement, const std::optional<JobError>& error) {
  if (!error) return statement.bind_null().bind_null().bind_null();
  return statement.bind(error->code).bind(error->message).bind(error->detail);
}

JobError interrupted() {
  return {"interrupted", "the service ended while the job was running, each time",
          "see the log for what ended it; hailstone jobs retry runs it again"};
}

}  // namespace

JobQueue::JobQueue(std::filesystem::path file, JobQueueOptions options, const Clock& clock)
    : options_(options), clock_(clock), file_(file), payloads_(folder_of(file)) {}

JobQueue::~JobQueue() = default;

std::int64_t JobQueue::now() const {
  return to_milliseconds(clock_.wall());
}

Database& JobQueue::open() {
  if (database_) return *database_;
  database_ = std::make_unique<Database>(file_);
  try {
    ensure_job_schema(*database_);
    recover();
  } catch (...) {  // half open is not open
    database_.reset();
    throw;
  }
  return *database_;
}

// The daemon is alone on its home: whatever runs according to the table runs no more.
void JobQueue::recover() {
  Transaction transaction(open());
  const JobError error = interrupted();
  Statement(open(),
            "UPDATE jobs SET state = 'dead', finished = ?, error_code = ?, error_message = ?, "
            "error_detail = ? WHERE state = 'running' AND attempts >= max_attempts")
      .bind(now())
      .bind(error.code)
      .bind(error.message)
      .bind(error.detail)
      .run();
  open().run("UPDATE jobs SET state = 'queued', progress = 0 WHERE state = 'running'");
  std::set<std::string> needed;
  Statement row(open(),
                "SELECT id, body IS NULL, answer IS NULL AND status IS NOT NULL FROM jobs "
                "WHERE body IS NULL OR (answer IS NULL AND status IS NOT NULL)");
  while (row.step()) {
    if (row.number(1) != 0) needed.insert(row.text(0) + kBodySuffix);
    if (row.number(2) != 0) needed.insert(row.text(0) + kAnswerSuffix);
  }
  transaction.commit();
  measure_unfinished();
  payloads_.remove_all_but([&](const std::string& name) { return needed.contains(name); });
}

void JobQueue::measure_unfinished() {
  Statement row(open(),
                "SELECT total(jobs), total(body_bytes) FROM job_counts "
                "WHERE state IN ('queued', 'running')");
  row.step();
  unfinished_ = static_cast<std::size_t>(row.real(0));
  unfinished_bytes_ = static_cast<std::uint64_t>(row.real(1));
}

// Counting takes long where there are many: what has ended meanwhile is only counted off where it
// matters.
void JobQueue::take_room(std::size_t jobs, std::uint64_t bytes) {
  const auto fits = [&] {
    return unfinished_ + jobs <= options_.max_unfinished &&
           unfinished_bytes_ + bytes <= options_.max_stored.count();
  };
  if (!fits()) measure_unfinished();
  if (!fits()) {
    throw Error(ErrorCode::kBusy,
                "the queue of jobs is full: " + std::to_string(unfinished_) +
                    " are unfinished, of " + to_string(ByteSize::bytes(unfinished_bytes_)),
                "at most " + std::to_string(options_.max_unfinished) + " and " +
                    to_string(options_.max_stored) + "; try again later")
        .set_retry_after(std::chrono::seconds(30));
  }
  unfinished_ += jobs;
  unfinished_bytes_ += bytes;
}

std::optional<Job> JobQueue::find_by_key(const NewJob& job, const std::string& digest) {
  if (job.idempotency_key.empty()) return std::nullopt;
  Statement row(open(), (std::string("SELECT ") + kJobColumns +
                         ", digest FROM jobs WHERE idempotency_key = ?")
                            .c_str());
  if (!row.bind(job.idempotency_key).step()) return std::nullopt;
  Job found = read_job(row);
  if (row.text(28) != digest) {
    throw Error(ErrorCode::kConflict, "the Idempotency-Key was used for another request",
                "it belongs to the job " + found.id + "; use a new key");
  }
  return found;
}

void JobQueue::insert(const NewJob& job, const std::string& id, const std::string& digest) {
  const bool is_large = job.task.body.size() > kMostInRow;
  if (is_large) payloads_.write(id + kBodySuffix, job.task.body);
  Statement row(open(),
                "INSERT INTO jobs(id, state, priority, max_attempts, created, not_before, expires, "
                "model, batch, label, webhook, idempotency_key, digest, method, target, "
                "content_type, body_bytes, body) "
                "VALUES(?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  row.bind(id).bind(std::int64_t{job.priority}).bind(std::int64_t{job.max_attempts}).bind(now());
  row.bind(job.not_before ? to_milliseconds(*job.not_before) : std::int64_t{0});
  bind_time(row, job.expires);
  row.bind(job.task.model).bind(job.batch).bind(job.label).bind(job.webhook);
  job.idempotency_key.empty() ? row.bind_null() : row.bind(job.idempotency_key);
  row.bind(digest).bind(job.task.method).bind(job.task.target).bind(job.task.content_type);
  row.bind(static_cast<std::int64_t>(job.task.body.size()));
  is_large ? row.bind_null() : row.bind_bytes(job.task.body);
  row.run();
}

JobQueue::Submission JobQueue::submit(const NewJob& job) {
  const std::string digest = digest_of(job.task);
  const std::string id = make_id("job_");
  Submission submission;
  {
    const std::lock_guard lock(mutex_);
    Transaction transaction(open());
    if (auto earlier = find_by_key(job, digest)) return {std::move(*earlier), false};
    take_room(1, job.task.body.size());
    insert(job, id, digest);
    transaction.commit();
    submission.job = require(id);
  }
  changed();
  return submission;
}

void JobQueue::submit_all(const std::vector<NewJob>& jobs) {
  std::uint64_t bytes = 0;
  for (const auto& job : jobs) bytes += job.task.body.size();
  {
    const std::lock_guard lock(mutex_);
    Transaction transaction(open());
    take_room(jobs.size(), bytes);
    for (const auto& job : jobs) insert(job, make_id("job_"), digest_of(job.task));
    transaction.commit();
  }
  changed();
}

std::optional<std::string> JobQueue::choose_next(const std::string& preferred_model) {
  const std::int64_t time = now();
  // By itself SQLite reads and sorts all that wait.
  Statement first(open(),
                  "SELECT id, model, priority, max(created, not_before) "
                  "FROM jobs INDEXED BY jobs_next WHERE state = 'queued' AND not_before <= ? AND "
                  "(expires IS NULL OR expires > ?) "
                  "ORDER BY priority, number LIMIT 1");
  if (!first.bind(time).bind(time).step()) return std::nullopt;
  const std::int64_t patience =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.patience).count();
  const bool has_waited = first.number(3) + patience < time;
  if (preferred_model.empty() || has_waited || first.text(1) == preferred_model) {
    return first.text(0);
  }
  Statement same(open(),
                 "SELECT id FROM jobs WHERE state = 'queued' AND model = ? AND priority = ? AND "
                 "not_before <= ? AND (expires IS NULL OR expires > ?) ORDER BY number LIMIT 1");
  same.bind(preferred_model).bind(first.number(2)).bind(time).bind(time);
  return same.step() ? same.text(0) : first.text(0);
}

std::optional<ClaimedJob> JobQueue::claim(const std::string& preferred_model) {
  ClaimedJob claimed;
  {
    const std::lock_guard lock(mutex_);
    Transaction transaction(open());
    const auto id = choose_next(preferred_model);
    if (!id) return std::nullopt;
    claimed.body = read_payload(*id, "SELECT body FROM jobs WHERE id = ?", kBodySuffix);
    Statement(open(),
              "UPDATE jobs SET state = 'running', started = ?, attempts = attempts + 1, "
              "progress = 0 WHERE id = ?")
        .bind(now())
        .bind(*id)
        .run();
    transaction.commit();
    claimed.job = require(*id);
    claimed.stop = (running_[*id] = std::stop_source()).get_token();
  }
  changed();
  return claimed;
}

void JobQueue::note_progress(const std::string& id, double progress) {
  {
    const std::lock_guard lock(mutex_);
    Statement(open(), "UPDATE jobs SET progress = ? WHERE id = ? AND state = 'running'")
        .bind(std::clamp(progress, 0.0, 1.0))
        .bind(id)
        .run();
  }
  changed();
}

void JobQueue::end(const std::string& id, JobState state, const std::optional<JobError>& error,
                   const JobOutcome& outcome) {
  const bool has_answer = outcome.answer.status != 0;
  const bool is_large = outcome.body.size() > kMostInRow;
  if (is_large) payloads_.write(id + kAnswerSuffix, outcome.body);
  {
    const std::lock_guard lock(mutex_);
    Statement row(open(),
                  "UPDATE jobs SET state = ?, finished = ?, progress = ?, status = ?, "
                  "answer_type = ?, answer_headers = ?, answer_bytes = ?, answer = ?, "
                  "error_code = ?, error_message = ?, error_detail = ? "
                  "WHERE id = ? AND state = 'running'");
    row.bind(to_string(state)).bind(now()).bind(state == JobState::kSucceeded ? 1.0 : 0.0);
    if (has_answer) {
      row.bind(std::int64_t{outcome.answer.status}).bind(outcome.answer.content_type);
      row.bind(pack_headers(outcome.answer.headers));
    } else {
      row.bind_null().bind_null().bind_null();
    }
    row.bind(static_cast<std::int64_t>(outcome.body.size()));
    is_large || !has_answer ? row.bind_null() : row.bind_bytes(outcome.body);
    bind_error(row, error).bind(id).run();
    running_.erase(id);
  }
  changed();
}

void JobQueue::succeed(const std::string& id, const JobOutcome& outcome) {
  end(id, JobState::kSucceeded, std::nullopt, outcome);
}

void JobQueue::fail(const std::string& id, const JobError& error, const JobOutcome& outcome) {
  end(id, is_cancelled(id) ? JobState::kCancelled : JobState::kFailed, error, outcome);
}

bool JobQueue::is_cancelled(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(id);
  return found != running_.end() && found->second.stop_requested();
}

void JobQueue::retry_later(const std::string& id, const JobError& error, const JobOutcome& outcome,
                           std::chrono::milliseconds delay) {
  if (is_cancelled(id)) return end(id, JobState::kCancelled, error, outcome);
  const auto job = find(id);
  if (!job) return;
  if (job->attempts >= job->max_attempts) return end(id, JobState::kDead, error, outcome);
  requeue(id, error, 0, delay);
}

void JobQueue::give_back(const std::string& id, std::chrono::milliseconds delay) {
  if (is_cancelled(id)) return end(id, JobState::kCancelled, std::nullopt, {});
  requeue(id, std::nullopt, 1, delay);
}

void JobQueue::requeue(const std::string& id, const std::optional<JobError>& error,
                       int attempts_back, std::chrono::milliseconds delay) {
  {
    const std::lock_guard lock(mutex_);
    Statement row(open(),
                  "UPDATE jobs SET state = 'queued', progress = 0, attempts = attempts - ?, "
                  "not_before = ?, error_code = ?, error_message = ?, error_detail = ? "
                  "WHERE id = ? AND state = 'running'");
    row.bind(std::int64_t{attempts_back}).bind(now() + delay.count());
    bind_error(row, error).bind(id).run();
    running_.erase(id);
  }
  changed();
}

Job JobQueue::cancel(const std::string& id) {
  std::stop_source stop(std::nostopstate);
  {
    const std::lock_guard lock(mutex_);
    require(id);
    Statement(open(),
              "UPDATE jobs SET state = 'cancelled', finished = ? "
              "WHERE id = ? AND state = 'queued'")
        .bind(now())
        .bind(id)
        .run();
    if (const auto found = running_.find(id); found != running_.end()) stop = found->second;
  }
  stop.request_stop();  // runs callbacks of whoever works on it: not under the lock
  changed();
  return *find(id);
}

std::size_t JobQueue::cancel_batch(const std::string& batch) {
  std::vector<std::stop_source> stops;
  std::size_t cancelled = 0;
  {
    const std::lock_guard lock(mutex_);
    Statement update(open(),
                     "UPDATE jobs SET state = 'cancelled', finished = ? "
                     "WHERE batch = ? AND state = 'queued'");
    cancelled = static_cast<std::size_t>(update.bind(now()).bind(batch).run());
    Statement row(open(), "SELECT id FROM jobs WHERE batch = ? AND state = 'running'");
    row.bind(batch);
    while (row.step()) {
      const auto found = running_.find(row.text(0));
      if (found != running_.end()) stops.push_back(found->second);
    }
  }
  for (auto& stop : stops) stop.request_stop();
  changed();
  return cancelled + stops.size();
}

Job JobQueue::retry(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    const Job job = require(id);
    if (!is_final(job.state) || job.state == JobState::kSucceeded) {
      throw Error(ErrorCode::kConflict,
                  "the job " + id + " is " + std::string(to_string(job.state)),
                  "only jobs that have failed, died, expired or were cancelled run again");
    }
    Statement(open(),
              "UPDATE jobs SET state = 'queued', attempts = 0, not_before = 0, expires = NULL, "
              "started = NULL, finished = NULL, progress = 0, status = NULL, answer = NULL, "
              "answer_bytes = 0 WHERE id = ?")
        .bind(id)
        .run();
  }
  payloads_.remove(id + kAnswerSuffix);
  changed();
  return *find(id);
}

std::string JobQueue::read_payload(const std::string& id, const char* sql, const char* suffix) {
  Statement row(open(), sql);
  if (!row.bind(id).step()) throw Error(ErrorCode::kNotFound, "there is no job " + id);
  if (!row.is_null(0)) return row.bytes(0);
  return payloads_.read(id + suffix);
}

std::string JobQueue::read_answer(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const Job job = require(id);
  if (!job.answer) {
    throw Error(ErrorCode::kNotFound, "the job " + id + " has no answer",
                "it is " + std::string(to_string(job.state)));
  }
  return read_payload(id, "SELECT answer FROM jobs WHERE id = ?", kAnswerSuffix);
}

void JobQueue::remove_rows(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    Statement(open(), "DELETE FROM jobs WHERE id = ?").bind(id).run();
  }
  // After the rows: the other way round a power cut would leave jobs without bodies.
  for (const auto& id : ids) {
    payloads_.remove(id + kBodySuffix);
    payloads_.remove(id + kAnswerSuffix);
  }
}

void JobQueue::changed() {
  {
    const std::lock_guard lock(change_mutex_);
    ++version_;
  }
  change_.notify_all();
}

std::uint64_t JobQueue::wait_for_change(std::uint64_t version, const RunContext& run) const {
  std::unique_lock lock(change_mutex_);
  const auto is_new = [&] { return version_ != version; };
  // A far deadline overflows inside the standard library.
  const auto limit = run.deadline.earlier(Deadline::in(std::chrono::hours(1)));
  change_.wait_until(lock, run.stop, limit.time(), is_new);
  return version_;
}

}  // namespace hailstone::core
