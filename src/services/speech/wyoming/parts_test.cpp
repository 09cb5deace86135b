// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"
#include "services/speech/wyoming/conversations.hpp"
#include "services/speech/wyoming/directory.hpp"
#include "services/speech/wyoming/speaking.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::wyoming {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Conversations, GoOnForAWhile) {
  test_support::ManualClock clock;
  Conversations conversations(clock);
  conversations.add("a", "Who are you?", "Hailstone.");
  conversations.add("", "nobody", "keeps this");
  EXPECT_THAT(conversations.history("a"), SizeIs(2));
  EXPECT_EQ(text_of(conversations.history("a")[1]), "Hailstone.");
  EXPECT_TRUE(conversations.history("b").empty());
  clock.advance(std::chrono::minutes(11));
  EXPECT_TRUE(conversations.history("a").empty());
  EXPECT_EQ(conversations.size(), 0U);
}

TEST(Conversations, AreBounded) {
  test_support::ManualClock clock;
  Conversations conversations(clock);
  for (int i = 0; i < 50; ++i) conversations.add("long", std::string(100'000, 'a'), "b");
  EXPECT_THAT(conversations.history("long"), SizeIs(2 * Conversations::kMostTurns));
  EXPECT_LE(text_of(conversations.history("long")[0]).size(), Conversations::kMostText);
  for (int i = 0; i < 500; ++i) {
    clock.advance(std::chrono::milliseconds(1));
    conversations.add(std::to_string(i), "a", "b");
  }
  EXPECT_EQ(conversations.size(), Conversations::kMost);
  EXPECT_TRUE(conversations.history("long").empty()) << "the oldest goes first";
}

TEST(TextPipe, GivesOutWholeSentences) {
  TextPipe pipe;
  const RunContext run{Deadline::in(std::chrono::seconds(20)), {}};
  pipe.push("One. One. Two and th");
  EXPECT_EQ(pipe.take(run), "One. One. ");
  pipe.push("ree. ");
  const RunContext soon{Deadline::in(std::chrono::milliseconds(1)), {}};
  EXPECT_THROW(pipe.take(soon), Error) << "it may go on";
  pipe.finish();
  EXPECT_EQ(pipe.take(run), "Two and three. ");
  EXPECT_EQ(pipe.take(run), std::nullopt);
  EXPECT_THROW(pipe.push(std::string(300 << 10, 'a')), Error);
}

TEST(TextPipe, WaitsForText) {
  TextPipe pipe;
  std::jthread writer([&pipe] {
    pipe.push("Hello ");
    pipe.push("there.");
    pipe.finish();
  });
  std::string all;
  while (const auto piece = pipe.take({Deadline::in(std::chrono::seconds(20)), {}})) all += *piece;
  EXPECT_EQ(all, "Hello there.");
}

TEST(Directory, AnswersWhileNothingIsKnownYet) {
  std::stop_source release;
  Info first;
  first.version = "first";
  Directory directory(first, [&]() -> Info {
    while (!release.stop_requested()) std::this_thread::yield();
    Info info;
    info.hears = {{"found", "Found", {"en"}}};
    return info;
  });
  EXPECT_THAT(directory.info(), Not(HasSubstr("found")));
  release.request_stop();
  std::string frame;
  for (int i = 0; i < 1000 && frame.find("found") == std::string::npos; ++i) {
    frame = directory.info();
  }
  EXPECT_THAT(frame, HasSubstr("found"));
}

TEST(Directory, KeepsTheLastAnswerWhereTheLookUpFails) {
  Info first;
  first.hears = {{"old", "Old", {"en"}}};
  Directory directory(first, []() -> Info { throw Error(ErrorCode::kInternal, "no disk"); });
  for (int i = 0; i < 3; ++i) EXPECT_THAT(directory.info(), HasSubstr("old"));
}

}  // namespace
}  // namespace hailstone::wyoming
