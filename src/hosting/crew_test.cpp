// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/crew.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <set>
#include <stdexcept>

namespace hailstone::hosting {
namespace {

/// Hands out numbered frames, then nothing.
class Source {
 public:
  explicit Source(std::uint32_t count) : count_(count) {}
  std::optional<Frame> read() {
    EXPECT_EQ(readers_++, 0) << "two threads read at once";
    std::optional<Frame> frame;
    if (next_ < count_) frame = Frame{FrameType::kRequest, next_++, {}, {}};
    --readers_;
    return frame;
  }
  std::uint32_t handed_out() const noexcept { return next_; }

 private:
  const std::uint32_t count_;
  std::atomic<std::uint32_t> next_{0};
  std::atomic<int> readers_{0};
};

TEST(Crew, DoesEachPieceOfWorkOnceAndReadsOneAtATime) {
  Source source(500);
  std::mutex mutex;
  std::set<std::uint32_t> done;
  Crew crew(
      4, "crew", [&] { return source.read(); },
      [&](Frame&& frame) {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(done.insert(frame.id).second);
      });
  crew.run();
  EXPECT_EQ(done.size(), 500U);
}

TEST(Crew, WorksOnAsManyPiecesAtOnceAsItMayLessTheReader) {
  Source source(3);
  std::latch together(3);
  Crew crew(
      4, "crew", [&] { return source.read(); }, [&](Frame&&) { together.arrive_and_wait(); });
  crew.run();
}

TEST(Crew, ReadsOnWhileAllThreadsWork) {
  Source source(10);
  std::atomic<int> done{0};
  std::latch all_read(1);
  const auto read = [&] {
    auto frame = source.read();
    if (!frame) all_read.count_down();
    return frame;
  };
  Crew crew(2, "crew", read, [&](Frame&&) {
    all_read.wait();
    ++done;
  });
  crew.run();
  EXPECT_EQ(done, 10);
}

TEST(Crew, WhatTheReaderThrowsComesOutWhenTheWorkIsDone) {
  Source source(5);
  std::atomic<int> done{0};
  const auto read = [&]() -> std::optional<Frame> {
    if (source.handed_out() == 5) throw std::runtime_error("no more");
    return source.read();
  };
  Crew crew(3, "crew", read, [&](Frame&&) { ++done; });
  EXPECT_THROW(crew.run(), std::runtime_error);
  EXPECT_EQ(done, 5);
}

}  // namespace
}  // namespace hailstone::hosting
