// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/crew.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <set>
#include <stdexcept>
#include <utility>

namespace hailstone::hosting {
namespace {

/// Hands out numbered jobs, then nothing.
class Source {
 public:
  Source(std::uint32_t count, std::function<void(std::uint32_t)> work)
      : count_(count), work_(std::move(work)) {}
  std::optional<Job> read() {
    EXPECT_EQ(readers_++, 0) << "two threads read at once";
    std::optional<Job> job;
    if (const std::uint32_t number = next_; number < count_) {
      ++next_;
      job = Job{0, [this, number] { work_(number); }};
    }
    --readers_;
    return job;
  }
  std::uint32_t handed_out() const noexcept { return next_; }

 private:
  const std::uint32_t count_;
  const std::function<void(std::uint32_t)> work_;
  std::atomic<std::uint32_t> next_{0};
  std::atomic<int> readers_{0};
};

TEST(Crew, DoesEachPieceOfWorkOnceAndReadsOneAtATime) {
  std::mutex mutex;
  std::set<std::uint32_t> done;
  Source source(500, [&](std::uint32_t number) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(done.insert(number).second);
  });
  Crew crew({4, 4}, "crew", [&] { return source.read(); });
  crew.run();
  EXPECT_EQ(done.size(), 500U);
}

TEST(Crew, WorksOnAsManyPiecesAtOnceAsItMayLessTheReader) {
  std::latch together(3);
  Source source(3, [&](std::uint32_t) { together.arrive_and_wait(); });
  Crew crew({4, 4}, "crew", [&] { return source.read(); });
  crew.run();
}

TEST(Crew, ReadsOnWhileAllThreadsWork) {
  std::atomic<int> done{0};
  std::latch all_read(1);
  Source source(10, [&](std::uint32_t) {
    all_read.wait();
    ++done;
  });
  Crew crew({2, 2}, "crew", [&] {
    auto job = source.read();
    if (!job) all_read.count_down();
    return job;
  });
  crew.run();
  EXPECT_EQ(done, 10);
}

TEST(Crew, WhatTheReaderThrowsComesOutWhenTheWorkIsDone) {
  std::atomic<int> done{0};
  Source source(6, [&](std::uint32_t) { ++done; });
  Crew crew({3, 3}, "crew", [&]() -> std::optional<Job> {
    if (source.handed_out() == 5) throw std::runtime_error("no more");
    return source.read();
  });
  EXPECT_THROW(crew.run(), std::runtime_error);
  EXPECT_EQ(done, 5);
}

TEST(Crew, ALaneThatIsFullDoesNotKeepTheOthersWaiting) {
  std::latch other_is_done(1);
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  const auto of_the_full_lane = [&] {
    const int now = ++at_once;
    for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
    }
    other_is_done.wait();
    --at_once;
    ++done;
  };
  int read = 0;
  Crew crew({8, 2}, "crew", [&]() -> std::optional<Job> {
    ++read;
    if (read <= 5) return Job{1, of_the_full_lane};
    if (read == 6) return Job{2, [&] { other_is_done.count_down(); }};
    return std::nullopt;
  });
  crew.run();
  EXPECT_EQ(done, 5);
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace hailstone::hosting
