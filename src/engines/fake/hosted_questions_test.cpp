// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// How many processes questions about files take, and the load that mostly follows.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "hosting/hosted_engine.hpp"
#include "inference/text_session.hpp"
#include "support/child_processes.hpp"

namespace hailstone::engines::fake {
namespace {

using namespace std::chrono_literals;
using hosting::HostedEngine;
using hosting::HostOptions;
using test_support::child_processes;
using test_support::comes_true;

constexpr auto kLong = 60s;

std::unique_ptr<HostedEngine> make_engine(const HostOptions& options) {
  const hosting::HostCommand command{{HAILSTONE_HOST_FAKE}, hosting::host_environment()};
  return std::make_unique<HostedEngine>("fake", command, hosting::HostScope::kPerModel, options);
}

inference::ModelSpec tiny() {
  inference::ModelSpec spec;
  spec.name = "tiny";
  return spec;
}

TEST(HostedFake, QuestionsShareOneHostWhichGoesWhenItIsIdle) {
  HostOptions options;
  options.question_linger = 200ms;
  const auto engine = make_engine(options);
  EXPECT_TRUE(engine->probe().usable);
  EXPECT_TRUE(child_processes().empty());  // it may read no model: nobody could ask it more
  engine->describe({}, inference::FactDetail::kBrief);
  ASSERT_EQ(child_processes().size(), 1U);
  const auto first = child_processes().at(0);
  engine->estimate({}, {});
  EXPECT_EQ(child_processes(), std::vector{first});
  EXPECT_TRUE(comes_true([] { return child_processes().empty(); }));
  engine->describe({}, inference::FactDetail::kBrief);
  EXPECT_EQ(child_processes().size(), 1U);
}

TEST(HostedFake, AFirstLoadStartsOneProcessForItsQuestionsAndTheModel) {
  HostOptions options;
  options.question_linger = 20s;
  const auto engine = make_engine(options);
  engine->describe(tiny(), inference::FactDetail::kBrief);
  ASSERT_EQ(child_processes().size(), 1U);
  const auto first = child_processes().at(0);
  EXPECT_TRUE(engine->probe().usable);
  engine->estimate(tiny(), {});
  const auto model = engine->load(tiny(), {}, {Deadline::in(kLong), {}});
  EXPECT_EQ(child_processes(), std::vector{first});
  EXPECT_EQ(model->text()->tokenize("one two", {Deadline::in(kLong), {}}).size(), 2U);
  engine->describe(tiny(), inference::FactDetail::kBrief);  // not of the model's process
  EXPECT_EQ(child_processes().size(), 2U);
}

}  // namespace
}  // namespace hailstone::engines::fake
