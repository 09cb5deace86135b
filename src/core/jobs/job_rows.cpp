// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_rows.hpp"

#include "base/error.hpp"
#include "core/database/database.hpp"

namespace hailstone::core {
namespace {

constexpr std::int64_t kVersion = 3;

// Bodies and results come last, so that nobody reads past them for the rest. What is null is in a
// file of its own.
constexpr const char* kSchema = R"(
  CREATE TABLE jobs(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0,
    expires INTEGER,
    started INTEGER,
    finished INTEGER,
    progress REAL NOT NULL DEFAULT 0,
    model TEXT NOT NULL,
    batch TEXT NOT NULL,
    label TEXT NOT NULL,
    webhook TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    digest TEXT NOT NULL,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body_bytes INTEGER NOT NULL,
    status INTEGER,
    answer_type TEXT,
    answer_headers TEXT,
    answer_bytes INTEGER NOT NULL DEFAULT 0,
    error_code TEXT,
    error_message TEXT,
    error_detail TEXT,
    body BLOB,
    answer BLOB) STRICT;
  CREATE INDEX jobs_next ON jobs(priority, number) WHERE state = 'queued';
  CREATE INDEX jobs_next_of_model ON jobs(model, priority, number) WHERE state = 'queued';
  CREATE INDEX jobs_state ON jobs(state, number);
  CREATE INDEX jobs_batch ON jobs(batch, number) WHERE batch <> '';
  CREATE INDEX jobs_finished ON jobs(finished) WHERE finished IS NOT NULL;
  PRAGMA user_version = 1;
)";

// Who is to be told of a job's end, and has not been.
constexpr const char* kSecondVersion = R"(
  ALTER TABLE jobs ADD COLUMN told INTEGER;
  ALTER TABLE jobs ADD COLUMN tell_attempts INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN tell_after INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX jobs_untold ON jobs(webhook, tell_after)
    WHERE finished IS NOT NULL AND webhook <> '' AND told IS NULL;
  PRAGMA user_version = 2;
)";

// Sums that are always right: counting a hundred thousand rows takes longer than running some jobs.
// And what would look at all rows otherwise, every few seconds or at the start.
constexpr const char* kThirdVersion = R"(
  CREATE TABLE job_counts(
    batch TEXT NOT NULL,
    state TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    body_bytes INTEGER NOT NULL,
    answer_bytes INTEGER NOT NULL,
    PRIMARY KEY(batch, state)) STRICT, WITHOUT ROWID;
  INSERT INTO job_counts SELECT batch, state, count(*), sum(body_bytes), sum(answer_bytes)
    FROM jobs GROUP BY batch, state;
  CREATE TRIGGER jobs_counted_in AFTER INSERT ON jobs BEGIN
    INSERT INTO job_counts VALUES(new.batch, new.state, 1, new.body_bytes, new.answer_bytes)
      ON CONFLICT(batch, state) DO UPDATE SET jobs = jobs + 1,
        body_bytes = body_bytes + excluded.body_bytes,
        answer_bytes = answer_bytes + excluded.answer_bytes;
  END;
  CREATE TRIGGER jobs_counted_out AFTER DELETE ON jobs BEGIN
    UPDATE job_counts SET jobs = jobs - 1, body_bytes = body_bytes - old.body_bytes,
        answer_bytes = answer_bytes - old.answer_bytes
      WHERE batch = old.batch AND state = old.state;
    DELETE FROM job_counts WHERE batch = old.batch AND state = old.state AND jobs = 0;
  END;
  CREATE TRIGGER jobs_counted_over AFTER UPDATE OF state, answer_bytes ON jobs
    WHEN old.state <> new.state OR old.answer_bytes <> new.answer_bytes BEGIN
    UPDATE job_counts SET jobs = jobs - 1, body_bytes = body_bytes - old.body_bytes,
        answer_bytes = answer_bytes - old.answer_bytes
      WHERE batch = old.batch AND state = old.state;
    DELETE FROM job_counts WHERE batch = old.batch AND state = old.state AND jobs = 0;
    INSERT INTO job_counts VALUES(new.batch, new.state, 1, new.body_bytes, new.answer_bytes)
      ON CONFLICT(batch, state) DO UPDATE SET jobs = jobs + 1,
        body_bytes = body_bytes + excluded.body_bytes,
        answer_bytes = answer_bytes + excluded.answer_bytes;
  END;
  CREATE INDEX jobs_with_files ON jobs(id)
    WHERE body IS NULL OR (answer IS NULL AND status IS NOT NULL);
  CREATE INDEX jobs_expiry ON jobs(expires) WHERE state = 'queued' AND expires IS NOT NULL;
  PRAGMA user_version = 3;
)";

std::optional<WallTime> find_time(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return from_milliseconds(row.number(column));
}

}  // namespace

const char* const kJobColumns =
    "number, id, state, priority, attempts, max_attempts, created, not_before, expires, started, "
    "finished, progress, model, batch, label, webhook, method, target, content_type, body_bytes, "
    "status, answer_type, answer_headers, answer_bytes, error_code, error_message, error_detail, "
    "tell_attempts";

std::int64_t to_milliseconds(WallTime time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime from_milliseconds(std::int64_t number) noexcept {
  return WallTime(std::chrono::milliseconds(number));
}

void ensure_job_schema(Database& database) {
  if (database.read_number("PRAGMA user_version") == kVersion) return;
  Transaction transaction(database);
  const auto version = database.read_number("PRAGMA user_version");
  if (version == kVersion) return;
  if (version > kVersion) {
    throw Error(ErrorCode::kUnsupported, "the jobs database was made by a newer version",
                "install that version again, or move the file away to start with an empty one");
  }
  if (version == 0) {
    if (database.read_number("SELECT count(*) FROM sqlite_schema") > 0) {
      database.refuse_broken("it is a database of something else");
    }
    database.run(kSchema);
  }
  if (version < 2) database.run(kSecondVersion);
  database.run(kThirdVersion);
  transaction.commit();
}

Job read_job(const Statement& row) {
  Job job;
  job.number = row.number(0);
  job.id = row.text(1);
  job.state = find_job_state(row.text(2)).value_or(JobState::kFailed);
  job.priority = static_cast<int>(row.number(3));
  job.attempts = static_cast<int>(row.number(4));
  job.max_attempts = static_cast<int>(row.number(5));
  job.created = from_milliseconds(row.number(6));
  if (row.number(7) != 0) job.not_before = from_milliseconds(row.number(7));
  job.expires = find_time(row, 8);
  job.started = find_time(row, 9);
  job.finished = find_time(row, 10);
  job.progress = row.real(11);
  job.task.model = row.text(12);
  job.batch = row.text(13);
  job.label = row.text(14);
  job.webhook = row.text(15);
  job.task.method = row.text(16);
  job.task.target = row.text(17);
  job.task.content_type = row.text(18);
  job.body_bytes = static_cast<std::uint64_t>(row.number(19));
  if (!row.is_null(20)) {
    job.answer = {static_cast<int>(row.number(20)), row.text(21),
                  static_cast<std::uint64_t>(row.number(23)), unpack_headers(row.text(22))};
  }
  job.tell_attempts = static_cast<int>(row.number(27));
  if (!row.is_null(24)) job.error = {row.text(24), row.text(25), row.text(26)};
  return job;
}

std::string pack_headers(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string text;
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value) += '\n';
  return text;
}

std::vector<std::pair<std::string, std::string>> unpack_headers(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    const auto colon = line.find(": ");
    if (colon != std::string::npos)
      headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  return headers;
}

}  // namespace hailstone::core
