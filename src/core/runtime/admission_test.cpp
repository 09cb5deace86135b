// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// Who gets a slot of a model, and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/runtime.hpp"

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;
using inference::LoadOptions;
using inference::ModelSpec;
using testing::ElementsAre;

struct State {
  std::atomic<int> loads{0};
  std::atomic<int> killed{0};  ///< so many of the first loads
};

/// "two-2" works on two runs at once.
class SlottedModel final : public inference::Model {
 public:
  SlottedModel(State& state, const std::string& name)
      : state_(state), number_(state.loads), slots_(std::stoi(name.substr(name.find('-') + 1))) {}
  int slots() const noexcept override { return slots_; }
  bool alive() const noexcept override { return number_ > state_.killed; }
  inference::Footprint footprint() const override { return {ByteSize::mib(1), {}}; }

 private:
  State& state_;
  const int number_;
  const int slots_;
};

class SlottedEngine final : public inference::Engine {
 public:
  explicit SlottedEngine(State& state) : state_(state) {}
  std::string_view name() const noexcept override { return "slotted"; }
  inference::Availability probe() const override { return {true, {}}; }
  inference::Footprint estimate(const ModelSpec&, const LoadOptions&) const override { return {}; }
  inference::ModelFacts describe(const ModelSpec&, inference::FactDetail) const override {
    return {};
  }
  std::unique_ptr<inference::Model> load(const ModelSpec& spec, const LoadOptions&,
                                         const RunContext&) override {
    ++state_.loads;
    return std::make_unique<SlottedModel>(state_, spec.name);
  }

 private:
  State& state_;
};

class Admission : public testing::Test {
 protected:
  void SetUp() override { start({}); }
  void start(RuntimeOptions options) {
    runtime_.reset();
    std::vector<std::unique_ptr<inference::Engine>> engines;
    engines.push_back(std::make_unique<SlottedEngine>(state_));
    runtime_ = std::make_unique<Runtime>(std::move(engines), std::move(options), metrics_);
  }

  Lease acquire(const std::string& name, Lane lane = Lane::kInteractive,
                std::size_t* position = nullptr, std::stop_token stop = {}) {
    ModelSpec spec;
    spec.name = name;
    spec.engine = "slotted";
    return runtime_->acquire(spec, {}, {}, {Deadline::in(20s), std::move(stop), lane, position});
  }
  std::unique_ptr<Lease> hold(const std::string& name, Lane lane = Lane::kInteractive) {
    return std::make_unique<Lease>(acquire(name, lane));
  }

  /// One that asks on a thread of its own, and notes when it has got its turn.
  void ask(const std::string& name, Lane lane, const std::string& mark) {
    const auto before = waiting();
    clients_.emplace_back([this, name, lane, mark] {
      const Lease lease = acquire(name, lane);
      const std::lock_guard lock(mutex_);
      order_.push_back(mark);
    });
    ASSERT_TRUE(eventually([&] { return waiting() == before + 1; }));
  }
  std::vector<std::string> finish() {
    clients_.clear();
    return order_;
  }
  std::size_t waiting() const {
    std::size_t sum = 0;
    for (const auto& lane : runtime_->queue()) sum += lane.waiting;
    return sum;
  }
  ErrorCode refusal(const std::string& name, Lane lane = Lane::kInteractive) {
    try {
      acquire(name, lane);
    } catch (const Error& error) {
      last_ = error;
      return error.code();
    }
    return ErrorCode::kInternal;
  }

  template <class Predicate>
  static bool eventually(Predicate&& predicate) {
    for (int i = 0; i < 5000; ++i) {
      if (predicate()) return true;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }

  State state_;
  Metrics metrics_;
  std::unique_ptr<Runtime> runtime_;
  std::mutex mutex_;
  std::vector<std::string> order_;
  std::optional<Error> last_;
  std::list<std::jthread> clients_;
};

TEST_F(Admission, AModelGivesAsManySlotsAsItHas) {
  auto first = hold("a-2");
  auto second = hold("a-2");
  ask("a-2", Lane::kInteractive, "third");
  EXPECT_EQ(runtime_->queue()[0].running, 2U);
  first.reset();
  EXPECT_THAT(finish(), ElementsAre("third"));
}

TEST_F(Admission, WhoOnlyKeepsAModelLoadedTakesNoSlotOfIt) {
  const auto kept = hold("one-1");
  kept->give_back_slot();
  kept->give_back_slot();  // once is enough
  const auto other = hold("one-1");
  EXPECT_EQ(runtime_->residents().at(0).leases, 2);
  EXPECT_FALSE(kept->is_wanted_back());
}

TEST_F(Admission, WhoKeepsAModelLoadedLearnsThatItShallGo) {
  auto kept = hold("one-1");
  kept->give_back_slot();
  runtime_->unload("one-1");
  EXPECT_TRUE(kept->is_wanted_back());
  ask("one-1", Lane::kInteractive, "later");
  kept.reset();
  EXPECT_THAT(finish(), ElementsAre("later"));
  EXPECT_EQ(state_.loads, 2);
}

TEST_F(Admission, ABusyModelHoldsNobodyUpWhoWantsAnother) {
  const auto busy = hold("a-1");
  for (int i = 0; i < 20; ++i) ask("a-1", Lane::kInteractive, "x");
  EXPECT_NO_THROW(acquire("b-1"));
  EXPECT_NO_THROW(acquire("b-1", Lane::kBatch));
}

TEST_F(Admission, SlotsGoByLaneAndThenByArrival) {
  auto busy = hold("a-1");
  ask("a-1", Lane::kBatch, "batch");
  ask("a-1", Lane::kLive, "live 1");
  ask("a-1", Lane::kLive, "live 2");
  ask("a-1", Lane::kInteractive, "interactive");
  busy.reset();
  EXPECT_THAT(finish(), ElementsAre("interactive", "live 1", "live 2", "batch"));
}

TEST_F(Admission, TellsThePlaceInTheQueue) {
  std::size_t position = 0;
  { const Lease lease = acquire("a-1", Lane::kLive, &position); }
  EXPECT_EQ(position, 0U);
  auto busy = hold("a-1");
  ask("a-1", Lane::kLive, "first");
  std::jthread last([&] { acquire("a-1", Lane::kBatch, &position); });
  ASSERT_TRUE(eventually([&] { return waiting() == 2; }));
  busy.reset();
  last.join();
  EXPECT_EQ(position, 2U);
}

TEST_F(Admission, BatchWorkLeavesASlotFree) {
  const auto batch = hold("a-2", Lane::kBatch);
  ask("a-2", Lane::kBatch, "batch");
  EXPECT_NO_THROW(acquire("a-2"));
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(Admission, BatchWorkIsBoundedOverAllModels) {
  RuntimeOptions options;
  options.max_batch = 2;
  start(options);
  auto first = hold("a-3", Lane::kBatch);
  auto second = hold("b-3", Lane::kBatch);
  ask("c-3", Lane::kBatch, "third");
  first.reset();
  EXPECT_THAT(finish(), ElementsAre("third"));
}

TEST_F(Admission, TooManyWhoWaitAreRefused) {
  RuntimeOptions options;
  options.max_queue = 1;
  start(options);
  auto busy = hold("a-1");
  ask("a-1", Lane::kInteractive, "x");
  EXPECT_EQ(refusal("a-1"), ErrorCode::kBusy);
  EXPECT_STREQ(last_->what(), "server busy, please try again.  maximum pending requests exceeded");
  EXPECT_TRUE(last_->retry_after());
  EXPECT_EQ(refusal("a-1", Lane::kBatch), ErrorCode::kBusy);
  busy.reset();
  finish();
  EXPECT_NO_THROW(acquire("a-1"));
}

TEST_F(Admission, WhatWaitsTooLongIsToldToComeBack) {
  RuntimeOptions options;
  options.queue_timeout = 10ms;
  start(options);
  const auto busy = hold("a-1");
  EXPECT_EQ(refusal("a-1"), ErrorCode::kBusy);
  EXPECT_TRUE(last_->retry_after());
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(Admission, AClientThatLeavesIsForgotten) {
  const auto busy = hold("a-1");
  std::stop_source stop;
  std::jthread client(
      [&] { EXPECT_THROW(acquire("a-1", Lane::kInteractive, nullptr, stop.get_token()), Error); });
  ASSERT_TRUE(eventually([&] { return waiting() == 1; }));
  stop.request_stop();
  client.join();
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(Admission, ThePaceHoldsBackBatchWorkOrAll) {
  runtime_->set_pace(Pace::kNoBatch);
  ask("a-1", Lane::kBatch, "batch");
  EXPECT_NO_THROW(acquire("a-1"));
  Error hot(ErrorCode::kBusy, "too hot");
  runtime_->set_pace(Pace::kNoWork, hot);
  EXPECT_EQ(refusal("b-1"), ErrorCode::kBusy);
  EXPECT_STREQ(last_->what(), "too hot");
  EXPECT_EQ(waiting(), 1U);
  runtime_->set_pace(Pace::kFull);
  EXPECT_THAT(finish(), ElementsAre("batch"));
}

TEST_F(Admission, WhoWaitsForAModelThatDiesHasItLoadedAgain) {
  auto busy = hold("a-1");
  for (int i = 0; i < 5; ++i) ask("a-1", Lane::kInteractive, "x");
  state_.killed = state_.loads.load();
  busy.reset();
  EXPECT_EQ(finish().size(), 5U);
  EXPECT_EQ(state_.loads, 2);
}

TEST_F(Admission, WhoWaitsForAModelThatIsUnloadedHasItLoadedAgain) {
  auto busy = hold("a-1");
  for (int i = 0; i < 5; ++i) ask("a-1", Lane::kInteractive, "x");
  EXPECT_TRUE(runtime_->unload("a-1"));
  busy.reset();
  EXPECT_EQ(finish().size(), 5U);
  EXPECT_EQ(state_.loads, 2);
}

}  // namespace
}  // namespace hailstone::core
