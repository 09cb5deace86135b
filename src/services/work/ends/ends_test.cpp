// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <mutex>

#include "base/encoding/base64.hpp"
#include "base/error.hpp"
#include "services/work/ends/deliverer.hpp"
#include "services/work/ends/web_sink.hpp"
#include "services/work/ends/wire.hpp"
#include "support/temp_store.hpp"

namespace hailstone::jobs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class EndsTest : public testing::Test {
 protected:
  core::Job finish(const std::string& webhook) {
    core::NewJob job;
    job.task.target = "/api/generate";
    job.webhook = webhook;
    const auto id = queue_.submit(job).job.id;
    EXPECT_TRUE(queue_.claim());
    queue_.succeed(id, {{200, "text/plain", 4, {}}, "done"});
    return *queue_.find(id);
  }

  test_support::TempStore folder_;
  core::JobQueue queue_{folder_.root() / "jobs.db"};
};

/// Refuses so often; then takes what it is told.
class FakeSink : public Sink {
 public:
  explicit FakeSink(int refusals = 0) : refusals_(refusals) {}
  std::string webhooks() const override { return "fake:a/"; }
  void tell(const core::Job& job, const std::string& answer, const RunContext&) override {
    if (refusals_-- > 0) throw Error(ErrorCode::kEngineFailed, "not now");
    const std::lock_guard lock(mutex_);
    told_.push_back(job.webhook + "=" + answer);
  }
  std::vector<std::string> told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  void wait_for(std::size_t count) {
    for (int i = 0; i < 500 && told().size() < count; ++i) std::this_thread::sleep_for(20ms);
  }

 private:
  std::atomic<int> refusals_;
  std::mutex mutex_;
  std::vector<std::string> told_;
};

// The example of Standard Webhooks' own documentation.
TEST(Webhook, IsSignedAsTheStandardSays) {
  const auto key = find_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  EXPECT_EQ(
      sign_webhook(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_F(EndsTest, TheSecretIsMadeOnceAndForItsOwnerAlone) {
  const auto file = folder_.root() / "webhook_secret";
  const auto key = load_webhook_key(file);
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(load_webhook_key(file), key);
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  std::ofstream(file) << "nothing";
  EXPECT_THROW(load_webhook_key(file), Error);
}

TEST_F(EndsTest, EachEndIsToldOnceToWhomItConcerns) {
  FakeSink sink;
  const Deliverer deliverer(queue_, sink, {{0s}, true});
  finish("fake:b/1");
  finish("");
  finish("fake:a/1");
  finish("fake:a/2");
  sink.wait_for(2);
  std::this_thread::sleep_for(50ms);
  EXPECT_THAT(sink.told(), ElementsAre("fake:a/1=done", "fake:a/2=done"));
  EXPECT_EQ(queue_.untold("fake:b/", 10).size(), 1U);
}

TEST_F(EndsTest, WhoDoesNotListenIsToldAgain) {
  FakeSink sink(3);
  const Deliverer deliverer(queue_, sink, {{0s}, true});
  finish("fake:a/1");
  sink.wait_for(1);
  EXPECT_THAT(sink.told(), ElementsAre("fake:a/1=done"));
}

/// Takes all at once, but for a job that it refuses.
class ManySink : public FakeSink {
 public:
  explicit ManySink(std::string refused) : refused_(std::move(refused)) {}
  bool takes_many() const override { return true; }
  void tell_many(const std::vector<EndedJob>& ends, const RunContext& run) override {
    for (const auto& end : ends) {
      if (end.job.id == refused_) throw Error(ErrorCode::kEngineFailed, "not this one");
    }
    ++times_;
    for (const auto& end : ends) FakeSink::tell(end.job, end.answer, run);
  }
  void tell(const core::Job& job, const std::string& answer, const RunContext& run) override {
    if (job.id == refused_) throw Error(ErrorCode::kEngineFailed, "not this one");
    FakeSink::tell(job, answer, run);
  }
  int times() const { return times_; }

 private:
  const std::string refused_;
  std::atomic<int> times_{0};
};

TEST_F(EndsTest, WhoTakesManyIsToldOfAllAtOnce) {
  for (int i = 0; i < 40; ++i) finish("fake:a/" + std::to_string(i));
  ManySink sink("none");
  const Deliverer deliverer(queue_, sink, {{0s}, true});
  sink.wait_for(40);
  EXPECT_EQ(sink.told().size(), 40U);
  EXPECT_EQ(sink.times(), 1);
}

TEST_F(EndsTest, OneThatIsRefusedDoesNotKeepTheOthers) {
  const auto refused = finish("fake:a/bad");
  for (int i = 0; i < 3; ++i) finish("fake:a/" + std::to_string(i));
  ManySink sink(refused.id);
  const Deliverer deliverer(queue_, sink, {{0s}, true});
  sink.wait_for(3);
  EXPECT_EQ(sink.told().size(), 3U);
}

TEST_F(EndsTest, IsGivenUpAfterTheLastDelay) {
  FakeSink sink(100);
  const Deliverer deliverer(queue_, sink, {{0s, 0s}});
  finish("fake:a/1");
  for (int i = 0; i < 500 && !queue_.untold("fake:", 1).empty(); ++i) {
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(queue_.untold("fake:", 1).empty());
  EXPECT_TRUE(sink.told().empty());
}

TEST_F(EndsTest, WhatWasToldBeforeCanBeToldAgain) {
  const auto job = finish("fake:a/1");
  queue_.note_told({job.id});
  EXPECT_TRUE(queue_.untold("fake:a/", 1).empty());
  queue_.tell_again(job.id);
  EXPECT_EQ(queue_.untold("fake:a/", 1).size(), 1U);
}

TEST_F(EndsTest, LinesHoldResultsAsTheyAre) {
  auto job = finish("fake:a/1");
  EXPECT_EQ(write_job_line(job, "a.jpg", R"({"text":"x"})"),
            R"({"file":"a.jpg","job_id":")" + job.id +
                R"(","status":"succeeded","result":{"text":"x"}})");
  EXPECT_EQ(
      write_job_line(job, "a.jpg", "plain"),
      R"({"file":"a.jpg","job_id":")" + job.id + R"(","status":"succeeded","result":"plain"})");
  job.state = core::JobState::kDead;
  job.error = {"timeout", "too slow", ""};
  EXPECT_EQ(write_job_line(job, "a.jpg", ""),
            R"({"file":"a.jpg","job_id":")" + job.id +
                R"(","status":"dead","error":{"code":"timeout","message":"too slow"}})");
}

}  // namespace
}  // namespace hailstone::jobs
