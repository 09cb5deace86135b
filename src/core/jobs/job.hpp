// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Work without a client that waits for it: a request that is kept, run when there is time for it,
// and whose answer is kept as well. Plain values.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace hailstone::core {

enum class JobState : std::uint8_t {
  kQueued,
  kRunning,
  kSucceeded,
  kFailed,     ///< an error that no further attempt can mend
  kCancelled,  ///< by somebody
  kExpired,    ///< it did not get its turn in time
  kDead,       ///< errors that might have passed, but for every attempt: somebody should look
};

/// "queued", "running", "succeeded" ...
std::string_view to_string(JobState state) noexcept;
std::optional<JobState> find_job_state(std::string_view name) noexcept;
/// Nothing happens to it any more by itself.
bool is_final(JobState state) noexcept;

/// What is to be done: a request, as a client would have sent it.
struct JobTask {
  std::string method = "POST";
  std::string target;  ///< path and query
  std::string content_type = "application/json";
  std::string body;
  std::string model;  ///< as far as it is known: jobs of one model run one after the other
};

struct NewJob {
  JobTask task;
  int priority = 0;  ///< the smaller goes first
  int max_attempts = 3;
  std::optional<WallTime> not_before;
  std::optional<WallTime> expires;  ///< it has to begin before
  std::string idempotency_key;      ///< the same key and task again is the same job; empty: none
  std::string batch;                ///< a group that it belongs to; empty: none
  std::string label;                ///< its submitter's name for it; empty: none
  std::string webhook;              ///< a URL that is told of its end; empty: none
};

/// The answer, but for its body.
struct JobAnswer {
  int status = 0;
  std::string content_type;
  std::uint64_t bytes = 0;
  std::vector<std::pair<std::string, std::string>> headers;
};

struct JobError {
  std::string code;  ///< ErrorCode's name
  std::string message;
  std::string detail;
};

/// A job as it stands; its task without the body.
struct Job {
  std::int64_t number = 0;  ///< grows with each that is submitted
  std::string id;
  JobState state = JobState::kQueued;
  JobTask task;
  std::uint64_t body_bytes = 0;
  int priority = 0;
  int attempts = 0;
  int max_attempts = 0;
  WallTime created{};
  std::optional<WallTime> not_before;
  std::optional<WallTime> expires;
  std::optional<WallTime> started;
  std::optional<WallTime> finished;
  double progress = 0;  ///< 0 to 1
  std::string batch;
  std::string label;
  std::string webhook;
  int tell_attempts = 0;  ///< how often its webhook could not be told of its end
  std::optional<JobAnswer> answer;
  std::optional<JobError> error;  ///< of the last attempt
};

/// What came of an attempt.
struct JobOutcome {
  JobAnswer answer;
  std::string body;
};

}  // namespace hailstone::core
