// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "core/database/database.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_store.hpp"

namespace hailstone::core {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kLarge(100'000, 'x');

NewJob job_of(const std::string& body, const std::string& model = {}) {
  NewJob job;
  job.task.target = "/api/generate";
  job.task.body = body;
  job.task.model = model;
  return job;
}

JobOutcome answer_of(const std::string& body, int status = 200) {
  return {{status, "application/json", body.size(), {{"X-Engine", "fake"}}}, body};
}

/// Makes a database of the second version out of one of the third.
const char* const kUndoThird =
    "DROP TRIGGER jobs_counted_in; DROP TRIGGER jobs_counted_out; "
    "DROP TRIGGER jobs_counted_over; DROP TABLE job_counts; DROP INDEX jobs_with_files; "
    "DROP INDEX jobs_expiry; PRAGMA user_version = 2;";

const JobError kBusy{"busy", "no room", "come back"};

class JobQueueTest : public testing::Test {
 protected:
  JobQueueTest() { open(); }

  /// As a daemon that starts on what the one before has left.
  void open(JobQueueOptions options = {}) {
    queue_.reset();
    queue_.emplace(folder_.root() / "jobs.db", options, clock_);
  }
  std::string submit(const NewJob& job) { return queue_->submit(job).job.id; }
  JobState state_of(const std::string& id) { return queue_->find(id)->state; }
  std::string claim_body(const std::string& preferred = {}) {
    const auto claimed = queue_->claim(preferred);
    return claimed ? claimed->body : "nothing";
  }
  std::size_t files() {
    const fs::path folder = folder_.root() / "jobs";
    if (!fs::exists(folder)) return 0;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }

  test_support::TempStore folder_;
  test_support::ManualClock clock_;
  std::optional<JobQueue> queue_;
};

TEST_F(JobQueueTest, TakesBackOnlyWhatStillWaits) {
  const auto first = submit(job_of("1"));
  const auto second = submit(job_of("2"));
  ASSERT_TRUE(queue_->claim());
  EXPECT_FALSE(queue_->take_back(first));
  EXPECT_TRUE(queue_->take_back(second));
  EXPECT_FALSE(queue_->find(second));
  EXPECT_FALSE(queue_->take_back(second));
}

TEST_F(JobQueueTest, CountsWhatRunsOrCould) {
  EXPECT_EQ(queue_->count_busy(10), 0U);
  for (const char* body : {"1", "2", "3"}) submit(job_of(body));
  ASSERT_TRUE(queue_->claim());
  EXPECT_EQ(queue_->count_busy(10), 3U);
  EXPECT_EQ(queue_->count_busy(2), 2U);
}

TEST_F(JobQueueTest, ItsSumsAreThoseOfItsRows) {
  NewJob in_batch = job_of(kLarge);
  in_batch.batch = "b";
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(submit(i % 2 == 0 ? job_of("small") : in_batch));
  const auto expect_right = [&] {
    std::map<JobState, std::size_t> by_state;
    std::uint64_t bytes = 0;
    for (const auto& job : queue_->list({})) {
      ++by_state[job.state];
      bytes += job.body_bytes + (job.answer ? job.answer->bytes : 0);
    }
    EXPECT_EQ(queue_->count().by_state, by_state);
    EXPECT_EQ(queue_->count().stored.count(), bytes);
  };
  expect_right();
  for (int i = 0; i < 4; ++i) {
    const auto id = queue_->claim()->job.id;
    if (i == 0) queue_->succeed(id, answer_of("good"));
    if (i == 1) queue_->fail(id, kBusy, answer_of("bad", 400));
    if (i == 2) queue_->give_back(id, {});
    expect_right();
  }
  queue_->cancel(ids.back());
  expect_right();
  queue_->retry(ids.at(1));
  expect_right();
  queue_->remove(ids.at(0));
  expect_right();
  EXPECT_EQ(queue_->count_batch("b").of(JobState::kQueued) +
                queue_->count_batch("b").of(JobState::kRunning) +
                queue_->count_batch("b").of(JobState::kCancelled),
            3U);
  open();
  expect_right();
}

TEST_F(JobQueueTest, ADatabaseOfAnEarlierVersionIsCounted) {
  submit(job_of(kLarge));
  submit(job_of("small"));
  queue_.reset();
  {
    Database database(folder_.root() / "jobs.db");
    database.run(kUndoThird);
  }
  open();
  EXPECT_EQ(queue_->count().of(JobState::kQueued), 2U);
  EXPECT_EQ(queue_->count().stored.count(), kLarge.size() + 5);
  EXPECT_EQ(claim_body(), kLarge);
}

TEST_F(JobQueueTest, APlaceIsThatAmongAllThatWait) {
  NewJob urgent = job_of("urgent");
  urgent.priority = -1;
  const auto first = submit(job_of("1"));
  const auto second = submit(job_of("2"));
  const auto before = submit(urgent);
  EXPECT_EQ(queue_->position(*queue_->find(before)), 0U);
  EXPECT_EQ(queue_->position(*queue_->find(first)), 1U);
  EXPECT_EQ(queue_->position(*queue_->find(second)), 2U);
}

TEST_F(JobQueueTest, RunsAJobAndKeepsItsAnswer) {
  for (const std::string& body : {std::string("small"), kLarge}) {
    const std::string id = submit(job_of(body));
    EXPECT_EQ(queue_->position(*queue_->find(id)), 0U);
    const auto claimed = queue_->claim();
    ASSERT_TRUE(claimed);
    EXPECT_EQ(claimed->body, body);
    EXPECT_EQ(state_of(id), JobState::kRunning);
    queue_->succeed(id, answer_of(body + "!"));
    open();
    EXPECT_EQ(state_of(id), JobState::kSucceeded);
    EXPECT_EQ(queue_->read_answer(id), body + "!");
    EXPECT_THAT(queue_->find(id)->answer->headers,
                ElementsAre(std::pair<std::string, std::string>("X-Engine", "fake")));
  }
  EXPECT_FALSE(queue_->claim());
}

TEST_F(JobQueueTest, WhatRanWhenTheDaemonDiedRunsAgainAndDiesAfterItsAttempts) {
  NewJob job = job_of(kLarge);
  job.max_attempts = 2;
  const std::string id = submit(job);
  for (int attempt = 1; attempt <= 2; ++attempt) {
    EXPECT_EQ(claim_body(), kLarge);
    open();
  }
  EXPECT_EQ(state_of(id), JobState::kDead);
  EXPECT_EQ(queue_->find(id)->error->code, "interrupted");
  EXPECT_EQ(queue_->retry(id).state, JobState::kQueued);
  EXPECT_EQ(claim_body(), kLarge);
}

TEST_F(JobQueueTest, TakesUrgentJobsFirstThenThoseOfTheModelThatIsThere) {
  submit(job_of("a1", "a"));
  submit(job_of("b1", "b"));
  submit(job_of("a2", "a"));
  NewJob urgent = job_of("urgent", "c");
  urgent.priority = -1;
  submit(urgent);
  EXPECT_EQ(claim_body("a"), "urgent");
  EXPECT_EQ(claim_body("b"), "b1");
  EXPECT_EQ(claim_body("b"), "a1");
  EXPECT_EQ(claim_body("a"), "a2");
}

TEST_F(JobQueueTest, NobodyWaitsForeverForAModelThatIsNotThere) {
  submit(job_of("a1", "a"));
  submit(job_of("b1", "b"));
  EXPECT_EQ(claim_body("b"), "b1");
  submit(job_of("b2", "b"));
  clock_.advance(3min);
  EXPECT_EQ(claim_body("b"), "a1");
}

TEST_F(JobQueueTest, ErrorsThatMayPassAreTriedAgainLaterAndThenDie) {
  NewJob job = job_of("x");
  job.max_attempts = 2;
  const std::string id = submit(job);
  claim_body();
  queue_->retry_later(id, kBusy, answer_of("no", 503), 10s);
  EXPECT_EQ(claim_body(), "nothing");
  EXPECT_EQ(queue_->find(id)->error->message, "no room");
  clock_.advance(10s);
  EXPECT_EQ(claim_body(), "x");
  queue_->retry_later(id, kBusy, answer_of("no", 503), 10s);
  EXPECT_EQ(state_of(id), JobState::kDead);
  EXPECT_EQ(queue_->read_answer(id), "no");
}

TEST_F(JobQueueTest, WhatIsGivenBackCostsNoAttempt) {
  const std::string id = submit(job_of("x"));
  claim_body();
  queue_->give_back(id, 0s);
  EXPECT_EQ(queue_->find(id)->attempts, 0);
  EXPECT_EQ(claim_body(), "x");
}

TEST_F(JobQueueTest, CancelsWhatWaitsAtOnceAndTellsWhoeverRunsIt) {
  const std::string running = submit(job_of("running"));
  const std::string waiting = submit(job_of("waiting"));
  const auto claimed = queue_->claim();
  EXPECT_EQ(queue_->cancel(waiting).state, JobState::kCancelled);
  EXPECT_EQ(queue_->cancel(running).state, JobState::kRunning);
  EXPECT_TRUE(claimed->stop.stop_requested());
  queue_->retry_later(running, {"cancelled", "called off", ""}, {}, 1s);
  EXPECT_EQ(state_of(running), JobState::kCancelled);
  EXPECT_FALSE(queue_->claim());
}

TEST_F(JobQueueTest, TheSameKeyIsTheSameJobAndAnotherTaskUnderItIsRefused) {
  NewJob job = job_of("x");
  job.idempotency_key = "key";
  const auto first = queue_->submit(job);
  const auto second = queue_->submit(job);
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(first.job.id, second.job.id);
  job.task.body = "y";
  try {
    queue_->submit(job);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_THAT(error.detail(), HasSubstr(first.job.id));
  }
}

TEST_F(JobQueueTest, WaitsUntilItsTimeAndExpiresAfterIt) {
  NewJob late = job_of("late");
  late.not_before = clock_.wall() + 1min;
  submit(late);
  NewJob hasty = job_of("hasty");
  hasty.expires = clock_.wall() + 30s;
  const std::string id = submit(hasty);
  clock_.advance(1min);
  EXPECT_EQ(claim_body(), "late");
  EXPECT_EQ(claim_body(), "nothing");
  queue_->sweep();
  EXPECT_EQ(state_of(id), JobState::kExpired);
}

TEST_F(JobQueueTest, WhatHasEndedGoesAfterAWhileWithItsFiles) {
  const std::string id = submit(job_of(kLarge));
  claim_body();
  queue_->succeed(id, answer_of(kLarge));
  EXPECT_EQ(files(), 2U);
  clock_.advance(8 * 24h);
  queue_->sweep();
  EXPECT_FALSE(queue_->find(id));
  EXPECT_EQ(files(), 0U);
}

TEST_F(JobQueueTest, FilesWithoutAJobGoAtTheStart) {
  const std::string id = submit(job_of(kLarge));
  { Payloads(folder_.root() / "jobs").write("job_lost.body", "x"); }
  EXPECT_EQ(files(), 2U);
  open();
  EXPECT_EQ(claim_body(), kLarge);
  EXPECT_EQ(files(), 1U);
}

TEST_F(JobQueueTest, RefusesMoreThanItMayHold) {
  JobQueueOptions options;
  options.max_unfinished = 2;
  open(options);
  const std::string id = submit(job_of("1"));
  submit(job_of("2"));
  EXPECT_THROW(submit(job_of("3")), Error);
  queue_->cancel(id);
  EXPECT_NO_THROW(submit(job_of("3")));
}

TEST_F(JobQueueTest, ABatchIsCountedPagedAndCancelledAsOne) {
  std::vector<NewJob> jobs;
  for (const char* label : {"a", "b", "c"}) {
    jobs.push_back(job_of(label));
    jobs.back().batch = "batch_1";
    jobs.back().label = label;
  }
  queue_->submit_all(jobs);
  submit(job_of("other"));
  claim_body();
  EXPECT_EQ(queue_->count_batch("batch_1").of(JobState::kQueued), 2U);
  const auto page = queue_->batch_page("batch_1", 0, 2);
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(queue_->batch_page("batch_1", page.back().number, 2).at(0).label, "c");
  EXPECT_EQ(queue_->cancel_batch("batch_1"), 3U);
  EXPECT_EQ(queue_->count().of(JobState::kQueued), 1U);
}

TEST_F(JobQueueTest, AFileOfTheFirstVersionIsTakenOver) {
  const auto id = submit(job_of("kept"));
  queue_.reset();
  {
    Database old(folder_.root() / "jobs.db");
    old.run(kUndoThird);
    old.run(
        "DROP INDEX jobs_untold; ALTER TABLE jobs DROP COLUMN told; "
        "ALTER TABLE jobs DROP COLUMN tell_attempts; ALTER TABLE jobs DROP COLUMN tell_after; "
        "PRAGMA user_version = 1;");
  }
  open();
  EXPECT_EQ(state_of(id), JobState::kQueued);
  EXPECT_EQ(claim_body(), "kept");
}

TEST_F(JobQueueTest, WhoIsToBeToldOfAnEndIsKeptUntilItWas) {
  auto job = job_of("a");
  job.webhook = "folder:scans/a.jpg";
  const auto id = submit(job);
  EXPECT_TRUE(queue_->untold("folder:", 10).empty());
  queue_->claim();
  queue_->succeed(id, answer_of("{}"));
  open();
  EXPECT_TRUE(queue_->untold("folder:other/", 10).empty());
  ASSERT_EQ(queue_->untold("folder:scans/", 10).size(), 1U);
  queue_->tell_later(id, 5s);
  EXPECT_TRUE(queue_->untold("folder:scans/", 10).empty());
  clock_.advance(6s);
  ASSERT_EQ(queue_->untold("folder:scans/", 10).size(), 1U);
  EXPECT_EQ(queue_->untold("folder:scans/", 10)[0].tell_attempts, 1);
  queue_->note_told({id});
  EXPECT_TRUE(queue_->untold("folder:scans/", 10).empty());
}

TEST_F(JobQueueTest, TellsOfEachChange) {
  const auto version = queue_->wait_for_change(0, {});
  std::jthread submitter([&] { submit(job_of("x")); });
  EXPECT_GT(queue_->wait_for_change(version, {}), version);
  const auto later = queue_->wait_for_change(0, {});
  EXPECT_EQ(queue_->wait_for_change(later, {Deadline::in(1ms), {}}), later);
}

TEST_F(JobQueueTest, ListsTheNewestFirst) {
  submit(job_of("1"));
  const std::string second = submit(job_of("2"));
  JobFilter filter;
  filter.limit = 1;
  const auto newest = queue_->list(filter);
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest.at(0).id, second);
  filter.before = newest.at(0).number;
  filter.state = JobState::kQueued;
  EXPECT_EQ(queue_->list(filter).size(), 1U);
  EXPECT_EQ(queue_->remove_all(JobState::kQueued), 2U);
}

}  // namespace
}  // namespace hailstone::core
