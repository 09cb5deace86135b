// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>

namespace hailstone::http {
namespace {

using std::chrono::seconds;

class Call final : public Job {
 public:
  explicit Call(std::function<void()> call) : call_(std::move(call)) {}
  void run() noexcept override { call_(); }

 private:
  std::function<void()> call_;
};

std::shared_ptr<Job> job(std::function<void()> call) {
  return std::make_shared<Call>(std::move(call));
}

PoolLimits limits(int workers, int work) {
  PoolLimits made;
  made.max_workers = workers;
  made.max_work = work;
  return made;
}

/// Jobs that hold their worker until the test lets go.
class Gate {
 public:
  std::shared_ptr<Job> hold() {
    return job([this] {
      ++held_;
      open_future_.wait();
    });
  }
  void open() { open_.set_value(); }
  void wait_for_held(int count) {
    while (held_ < count) std::this_thread::yield();
  }

 private:
  std::promise<void> open_;
  std::shared_future<void> open_future_ = open_.get_future().share();
  std::atomic<int> held_ = 0;
};

TEST(WorkerPool, RunsEverythingItTakes) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(limits(4, 2000));
    for (int i = 0; i < 2000; ++i) {
      const auto cost = i % 2 == 0 ? Cost::kQuick : Cost::kWork;
      ASSERT_EQ(pool.submit(job([&ran] { ++ran; }), cost), WorkerPool::Admission::kTaken);
    }
    while (ran < 2000) std::this_thread::yield();
    EXPECT_LE(pool.size(), 4U);
  }
  EXPECT_EQ(ran, 2000);
}

TEST(WorkerPool, BeginsOnlySoManyJobsAtOnce) {
  auto few = limits(8, 8);
  few.max_fresh = 2;
  few.fresh_time = std::chrono::hours(1);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> ran = 0;
  WorkerPool pool(few);
  for (int i = 0; i < 2000; ++i) {
    pool.submit(job([&] {
                  const int now = ++running;
                  if (now > most) most = now;
                  std::this_thread::yield();
                  --running;
                  ++ran;
                }),
                Cost::kQuick);
  }
  while (ran < 2000) std::this_thread::yield();
  EXPECT_LE(most, 2);
}

TEST(WorkerPool, JobsThatWaitDoNotKeepOthersFromBeginning) {
  auto few = limits(4, 4);
  few.max_fresh = 1;
  Gate gate;
  WorkerPool pool(few);
  for (int i = 0; i < 3; ++i) pool.submit(gate.hold(), Cost::kWork);
  gate.wait_for_held(3);
  std::promise<void> ran;
  pool.submit(job([&ran] { ran.set_value(); }), Cost::kQuick);
  EXPECT_EQ(ran.get_future().wait_for(seconds(30)), std::future_status::ready);
  gate.open();
}

TEST(WorkerPool, QuickJobsFindAWorkerWhileAllWorkIsBusyAndFurtherWorkIsRefused) {
  Gate gate;
  WorkerPool pool(limits(3, 2));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(pool.submit(gate.hold(), Cost::kWork), WorkerPool::Admission::kTaken);
  }
  EXPECT_EQ(pool.submit(gate.hold(), Cost::kWork), WorkerPool::Admission::kQueueFull);
  gate.wait_for_held(2);
  std::promise<void> ran;
  pool.submit(job([&ran] { ran.set_value(); }), Cost::kQuick);
  EXPECT_EQ(ran.get_future().wait_for(seconds(30)), std::future_status::ready);
  gate.open();
}

TEST(WorkerPool, AQuickJobDoesNotWaitForABurstOfWork) {
  Gate gate;
  int done = 0;  // by the only worker
  std::promise<int> done_before;
  WorkerPool pool(limits(1, 100));
  pool.submit(gate.hold(), Cost::kWork);
  gate.wait_for_held(1);
  for (int i = 0; i < 20; ++i) pool.submit(job([&done] { ++done; }), Cost::kWork);
  pool.submit(job([&] { done_before.set_value(done); }), Cost::kQuick);
  gate.open();
  EXPECT_LE(done_before.get_future().get(), 1);
}

TEST(WorkerPool, KeepsTheOrderOfWork) {
  Gate gate;
  std::vector<int> order;
  {
    WorkerPool pool(limits(1, 100));
    pool.submit(gate.hold(), Cost::kWork);
    gate.wait_for_held(1);
    std::promise<void> last;
    for (int i = 0; i < 50; ++i) {
      pool.submit(job([&order, &last, i] {
                    order.push_back(i);
                    if (i == 49) last.set_value();
                  }),
                  Cost::kWork);
    }
    gate.open();
    last.get_future().wait();
  }
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 50U);
}

TEST(WorkerPool, GivesBackWhatHasNotBegun) {
  Gate gate;
  WorkerPool pool(limits(1, 2));
  const auto running = gate.hold();
  const auto waiting = gate.hold();
  pool.submit(running, Cost::kWork);
  gate.wait_for_held(1);
  pool.submit(waiting, Cost::kWork);
  EXPECT_TRUE(pool.withdraw(waiting.get()));
  EXPECT_FALSE(pool.withdraw(waiting.get()));
  EXPECT_FALSE(pool.withdraw(running.get()));
  EXPECT_EQ(pool.submit(waiting, Cost::kWork), WorkerPool::Admission::kTaken);
  EXPECT_TRUE(pool.withdraw(waiting.get()));
  gate.open();
}

TEST(WorkerPool, ThreadsWithoutWorkEnd) {
  PoolLimits short_idle = limits(8, 8);
  short_idle.idle_time = std::chrono::milliseconds(1);
  WorkerPool pool(short_idle);
  for (int round = 0; round < 20; ++round) {
    std::promise<void> ran;
    pool.submit(job([&ran] { ran.set_value(); }), Cost::kQuick);
    ran.get_future().wait();
    while (pool.size() > 0) std::this_thread::yield();
  }
  EXPECT_EQ(pool.size(), 0U);
}

}  // namespace
}  // namespace hailstone::http
