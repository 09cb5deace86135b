// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What the queue tells of its jobs, and how they go at last.

#include "base/error.hpp"
#include "core/database/database.hpp"
#include "core/jobs/job_queue.hpp"
#include "core/jobs/job_rows.hpp"

namespace hailstone::core {
namespace {

/// So many rows go in one go: others want the database as well.
constexpr std::int64_t kSweepStep = 500;
/// Who stands farther back than this does not need to know it exactly.
constexpr std::int64_t kMostCounted = 10'000;

Job first_job(Database& database, const std::string& id, bool& found) {
  Statement row(database,
                (std::string("SELECT ") + kJobColumns + " FROM jobs WHERE id = ?").c_str());
  found = row.bind(id).step();
  return found ? read_job(row) : Job();
}

std::vector<Job> read_jobs(Statement& rows) {
  std::vector<Job> jobs;
  while (rows.step()) jobs.push_back(read_job(rows));
  return jobs;
}

}  // namespace

std::optional<Job> JobQueue::find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  bool found = false;
  Job job = first_job(open(), id, found);
  if (!found) return std::nullopt;
  return job;
}

Job JobQueue::require(const std::string& id) {
  bool found = false;
  Job job = first_job(open(), id, found);
  if (!found) {
    throw Error(ErrorCode::kNotFound, "there is no job " + id,
                "finished jobs go after a while; GET /v1/jobs lists those that are here");
  }
  return job;
}

std::vector<Job> JobQueue::list(const JobFilter& filter) {
  std::string sql = std::string("SELECT ") + kJobColumns + " FROM jobs WHERE 1";
  if (filter.state) sql += " AND state = ?";
  if (!filter.batch.empty()) sql += " AND batch = ?";
  if (filter.before > 0) sql += " AND number < ?";
  sql += " ORDER BY number DESC LIMIT ?";
  const std::lock_guard lock(mutex_);
  Statement rows(open(), sql.c_str());
  if (filter.state) rows.bind(to_string(*filter.state));
  if (!filter.batch.empty()) rows.bind(filter.batch);
  if (filter.before > 0) rows.bind(filter.before);
  rows.bind(static_cast<std::int64_t>(filter.limit));
  return read_jobs(rows);
}

std::vector<Job> JobQueue::batch_page(const std::string& batch, std::int64_t after,
                                      std::size_t limit) {
  const std::lock_guard lock(mutex_);
  Statement rows(open(), (std::string("SELECT ") + kJobColumns +
                          " FROM jobs WHERE batch = ? AND number > ? ORDER BY number LIMIT ?")
                             .c_str());
  rows.bind(batch).bind(after).bind(static_cast<std::int64_t>(limit));
  return read_jobs(rows);
}

std::optional<std::size_t> JobQueue::position(const Job& job) {
  if (job.state != JobState::kQueued) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Statement row(
      open(),
      "SELECT count(*) FROM (SELECT 1 FROM jobs INDEXED BY jobs_next WHERE state = 'queued' AND "
      "(priority, number) < (?, ?) LIMIT ?)");
  row.bind(std::int64_t{job.priority}).bind(job.number).bind(kMostCounted).step();
  return static_cast<std::size_t>(row.number(0));
}

JobCounts JobQueue::count_where(const char* condition, const std::string& argument) {
  const std::lock_guard lock(mutex_);
  JobCounts counts;
  Statement row(open(), (std::string("SELECT state, sum(jobs), sum(body_bytes + answer_bytes) "
                                     "FROM job_counts WHERE ") +
                         condition + " GROUP BY state")
                            .c_str());
  row.bind(argument);
  while (row.step()) {
    const auto state = find_job_state(row.text(0));
    if (!state) continue;
    counts.by_state[*state] = static_cast<std::size_t>(row.number(1));
    counts.stored = counts.stored + ByteSize::bytes(static_cast<std::uint64_t>(row.number(2)));
  }
  return counts;
}

JobCounts JobQueue::count() {
  JobCounts counts = count_where("'' = ?", "");
  const std::lock_guard lock(mutex_);
  Statement row(open(), "SELECT created FROM jobs WHERE state = 'queued' ORDER BY number LIMIT 1");
  if (row.step()) counts.oldest_queued = from_milliseconds(row.number(0));
  return counts;
}

std::size_t JobQueue::count_busy(std::size_t limit) {
  const std::lock_guard lock(mutex_);
  Statement row(open(),
                "SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'running' UNION ALL "
                "SELECT 1 FROM jobs WHERE state = 'queued' AND not_before <= ? LIMIT ?)");
  row.bind(now()).bind(static_cast<std::int64_t>(limit)).step();
  return static_cast<std::size_t>(row.number(0));
}

JobCounts JobQueue::count_batch(const std::string& batch) {
  return count_where("batch = ? AND batch <> ''", batch);
}

void JobQueue::remove(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    const Job job = require(id);
    if (!is_final(job.state)) {
      throw Error(ErrorCode::kConflict,
                  "the job " + id + " is " + std::string(to_string(job.state)), "cancel it first");
    }
    remove_rows({id});
  }
  changed();
}

bool JobQueue::take_back(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    Statement row(open(), "SELECT 1 FROM jobs WHERE id = ? AND state = 'queued'");
    if (!row.bind(id).step()) return false;
    remove_rows({id});
  }
  changed();
  return true;
}

std::vector<std::string> JobQueue::select_ids(const char* sql, std::int64_t argument) {
  Statement row(open(), sql);
  row.bind(argument).bind(kSweepStep);
  std::vector<std::string> ids;
  while (row.step()) ids.push_back(row.text(0));
  return ids;
}

std::size_t JobQueue::remove_all(JobState state) {
  std::size_t removed = 0;
  for (;;) {
    const std::lock_guard lock(mutex_);
    Statement row(open(), "SELECT id FROM jobs WHERE state = ? ORDER BY number LIMIT ?");
    row.bind(to_string(state)).bind(kSweepStep);
    std::vector<std::string> ids;
    while (row.step()) ids.push_back(row.text(0));
    if (ids.empty()) break;
    Transaction transaction(open());
    remove_rows(ids);
    transaction.commit();
    removed += ids.size();
  }
  changed();
  return removed;
}

void JobQueue::sweep() {
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t time = now();
    Statement(open(),
              "UPDATE jobs INDEXED BY jobs_expiry SET state = 'expired', finished = ? "
              "WHERE state = 'queued' AND expires <= ?")
        .bind(time)
        .bind(time)
        .run();
    const auto oldest = to_milliseconds(clock_.wall() - options_.keep_results);
    Transaction transaction(open());
    remove_rows(
        select_ids("SELECT id FROM jobs WHERE finished < ? ORDER BY finished LIMIT ?", oldest));
    const auto stored = static_cast<std::uint64_t>(
        open().read_number("SELECT total(body_bytes + answer_bytes) FROM job_counts"));
    if (stored > options_.max_stored.count()) {
      remove_rows(select_ids(
          "SELECT id FROM jobs WHERE finished IS NOT NULL AND number > ? ORDER BY finished LIMIT ?",
          0));
    }
    transaction.commit();
  }
  changed();
}

}  // namespace hailstone::core
