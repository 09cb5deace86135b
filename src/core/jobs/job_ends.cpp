// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Telling others of the end of jobs: who is to be told is kept until it has been.

#include "core/database/database.hpp"
#include "core/jobs/job_queue.hpp"
#include "core/jobs/job_rows.hpp"

namespace hailstone::core {

std::vector<Job> JobQueue::untold(const std::string& webhooks, std::size_t limit) {
  std::string end = webhooks;  // the first text behind all that begin so
  if (!end.empty()) ++end.back();
  const std::lock_guard lock(mutex_);
  Statement row(open(), (std::string("SELECT ") + kJobColumns +
                         " FROM jobs WHERE finished IS NOT NULL AND webhook <> '' AND told IS NULL "
                         "AND webhook >= ? AND webhook < ? AND tell_after <= ? "
                         "ORDER BY tell_after, number LIMIT ?")
                            .c_str());
  row.bind(webhooks).bind(end).bind(now()).bind(static_cast<std::int64_t>(limit));
  std::vector<Job> jobs;
  while (row.step()) jobs.push_back(read_job(row));
  return jobs;
}

void JobQueue::note_told(const std::vector<std::string>& ids) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(open());
  for (const auto& id : ids) {
    Statement(open(), "UPDATE jobs SET told = ? WHERE id = ?").bind(now()).bind(id).run();
  }
  transaction.commit();
}

void JobQueue::tell_later(const std::string& id, std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  Statement(open(),
            "UPDATE jobs SET tell_attempts = tell_attempts + 1, tell_after = ? WHERE id = ?")
      .bind(now() + delay.count())
      .bind(id)
      .run();
}

void JobQueue::tell_again(const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    Statement(open(), "UPDATE jobs SET told = NULL, tell_attempts = 0, tell_after = 0 WHERE id = ?")
        .bind(id)
        .run();
  }
  changed();
}

}  // namespace hailstone::core
