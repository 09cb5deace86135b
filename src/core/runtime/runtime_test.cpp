// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/runtime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <thread>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;
using inference::LoadOptions;
using inference::ModelSpec;

/// An engine whose loads wait for a gate, and whose models can be killed.
struct Script {
  std::atomic<int> loads{0};
  std::atomic<int> resident{0};
  std::atomic<bool> gate_open{true};
  std::atomic<bool> refuse{false};
  std::atomic<int> killed{0};        ///< so many of the first loads
  std::atomic<bool> is_deaf{false};  ///< loads look for no stop while the gate is closed
  std::atomic<bool> load_was_called_off{false};

  void kill_models() { killed = loads.load(); }
};

class ScriptedModel final : public inference::Model {
 public:
  explicit ScriptedModel(Script& script) : script_(script), number_(script.loads) {
    ++script_.resident;
  }
  ~ScriptedModel() override { --script_.resident; }
  int slots() const noexcept override { return 100; }
  bool alive() const noexcept override { return number_ > script_.killed; }
  inference::Footprint footprint() const override { return {ByteSize::mib(3), {}}; }

 private:
  Script& script_;
  const int number_;
};

class ScriptedEngine final : public inference::Engine {
 public:
  explicit ScriptedEngine(Script& script) : script_(script) {}
  std::string_view name() const noexcept override { return "scripted"; }
  inference::Availability probe() const override { return {true, {}}; }
  inference::Footprint estimate(const ModelSpec&, const LoadOptions&) const override { return {}; }
  inference::ModelFacts describe(const ModelSpec&, inference::FactDetail) const override {
    return {};
  }
  std::unique_ptr<inference::Model> load(const ModelSpec&, const LoadOptions&,
                                         const RunContext& run) override {
    ++script_.loads;
    while (!script_.gate_open) {
      if (run.stop.stop_requested()) script_.load_was_called_off = true;
      if (!script_.is_deaf) run.check();
      std::this_thread::sleep_for(1ms);
    }
    run.check();
    if (script_.refuse) throw Error(ErrorCode::kEngineFailed, "refused");
    return std::make_unique<ScriptedModel>(script_);
  }

 private:
  Script& script_;
};

class RuntimeTest : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(RuntimeOptions options) {
    runtime_.reset();
    std::vector<std::unique_ptr<inference::Engine>> engines;
    engines.push_back(std::make_unique<ScriptedEngine>(script_));
    runtime_ = std::make_unique<Runtime>(std::move(engines), std::move(options), metrics_);
  }

  void crash(int times) {
    for (int i = 0; i < times; ++i) {
      const Lease lease = acquire();
      script_.kill_models();
    }
  }

  Lease acquire(const LoadOptions& options = {}, std::optional<KeepAlive> keep_alive = {}) {
    return runtime_->acquire(spec("m"), options, keep_alive, soon());
  }

  static ModelSpec spec(const std::string& name, const std::string& engine = "scripted") {
    ModelSpec out;
    out.name = name;
    out.engine = engine;
    return out;
  }
  static RunContext soon() { return {Deadline::in(20s), {}}; }

  /// Waits, with a bound, for something that another thread does.
  template <class Predicate>
  static bool eventually(Predicate&& predicate) {
    for (int i = 0; i < 5000; ++i) {
      if (predicate()) return true;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }

  Script script_;
  Metrics metrics_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(RuntimeTest, ALoadThatTakesTooLongNamesItsLimit) {
  RuntimeOptions options;
  options.load_timeout = 1s;
  start(std::move(options));
  script_.gate_open = false;
  try {
    acquire();
    FAIL() << "it was loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kTimeout);
    EXPECT_STREQ(error.what(), "model 'm' was not loaded within 1s");
    EXPECT_NE(error.detail().find("load_timeout"), std::string::npos);
  }
}

TEST_F(RuntimeTest, ASecondRequestFindsTheModelResident) {
  { const Lease first = acquire(); }
  const Lease second = acquire();
  EXPECT_EQ(script_.loads, 1);
  EXPECT_EQ(second.engine(), "scripted");
  EXPECT_EQ(runtime_->residents().at(0).leases, 1);
  EXPECT_EQ(runtime_->residents().at(0).footprint.host, ByteSize::mib(3));
  EXPECT_FALSE(runtime_->residents().at(0).expires);
}

TEST_F(RuntimeTest, FiftyFirstRequestsShareOneLoad) {
  script_.gate_open = false;
  std::latch all_done(50);
  std::vector<std::jthread> clients;
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back([&] {
      const Lease lease = acquire();
      all_done.arrive_and_wait();
    });
  }
  ASSERT_TRUE(eventually([&] { return script_.loads == 1; }));
  script_.gate_open = true;
  clients.clear();
  EXPECT_EQ(script_.loads, 1);
}

TEST_F(RuntimeTest, AFailedLoadIsToldToAllWhoWaitAndLeavesNothing) {
  script_.refuse = true;
  EXPECT_THROW(acquire(), Error);
  EXPECT_TRUE(runtime_->residents().empty());
  script_.refuse = false;
  EXPECT_NO_THROW(acquire());
}

TEST_F(RuntimeTest, AnUnknownEngineIsNamed) {
  try {
    runtime_->acquire(spec("m", "hailo"), {}, {}, soon());
    FAIL();
  } catch (const Error& error) {
    // Not the client's fault: no 400.
    EXPECT_EQ(error.code(), ErrorCode::kEngineFailed);
    EXPECT_THAT(error.what(), testing::HasSubstr("'hailo'"));
  }
}

TEST_F(RuntimeTest, TheLastWaiterThatLeavesCallsTheLoadOff) {
  script_.gate_open = false;
  std::stop_source stop;
  std::jthread client([&] {
    EXPECT_THROW(runtime_->acquire(spec("m"), {}, {}, {Deadline::in(20s), stop.get_token()}),
                 Error);
  });
  ASSERT_TRUE(eventually([&] { return script_.loads == 1; }));
  stop.request_stop();
  client.join();
  EXPECT_TRUE(eventually([&] { return script_.load_was_called_off.load(); }));
  EXPECT_TRUE(eventually([&] { return runtime_->residents().empty(); }));
}

TEST_F(RuntimeTest, AnImpatientWaiterLeavesTheLoadToTheOthers) {
  script_.gate_open = false;
  std::jthread patient([&] { EXPECT_NO_THROW(acquire()); });
  ASSERT_TRUE(eventually([&] { return script_.loads == 1; }));
  EXPECT_THROW(runtime_->acquire(spec("m"), {}, {}, {Deadline::in(20ms), {}}), Error);
  script_.gate_open = true;
  patient.join();
  EXPECT_FALSE(script_.load_was_called_off);
  EXPECT_EQ(script_.loads, 1);
}

TEST_F(RuntimeTest, UnloadGivesTheMemoryBackBeforeItReturns) {
  { const Lease lease = acquire(); }
  EXPECT_EQ(script_.resident, 1);
  EXPECT_TRUE(runtime_->unload("m"));
  EXPECT_EQ(script_.resident, 0);
  EXPECT_FALSE(runtime_->unload("m"));
}

TEST_F(RuntimeTest, AModelInUseIsUnloadedWithItsLastLease) {
  auto lease = std::make_unique<Lease>(acquire());
  EXPECT_TRUE(runtime_->unload("m"));
  EXPECT_EQ(script_.resident, 1);
  lease.reset();
  EXPECT_EQ(script_.resident, 0);
}

TEST_F(RuntimeTest, KeepAliveZeroEndsWithTheRequest) {
  { const Lease lease = acquire({}, KeepAlive::zero()); }
  EXPECT_EQ(script_.resident, 0);
}

TEST_F(RuntimeTest, AnIdleModelExpires) {
  { const Lease lease = acquire({}, 30ms); }
  ASSERT_TRUE(eventually([&] { return script_.resident == 0; }));
  EXPECT_TRUE(runtime_->residents().empty());
}

TEST_F(RuntimeTest, AHugeKeepAliveDoesNotOverflowIntoThePast) {
  { const Lease lease = acquire({}, KeepAlive::max()); }
  EXPECT_EQ(script_.resident, 1);
  EXPECT_FALSE(runtime_->residents().at(0).expires);
}

TEST_F(RuntimeTest, OtherOptionsReloadTheModelOnceItIsIdle) {
  LoadOptions large;
  large.context_length = 8192;
  auto lease = std::make_unique<Lease>(acquire());
  std::jthread client([&] { EXPECT_EQ(acquire(large).engine(), "scripted"); });
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(script_.loads, 1);
  lease.reset();
  client.join();
  EXPECT_EQ(script_.loads, 2);
  EXPECT_EQ(runtime_->residents().at(0).options.context_length, 8192);
}

TEST_F(RuntimeTest, WhatARequestLeavesOpenDoesNotReload) {
  LoadOptions large;
  large.context_length = 8192;
  { const Lease lease = acquire(large); }
  { const Lease lease = acquire(); }
  EXPECT_EQ(script_.loads, 1);
}

TEST_F(RuntimeTest, OtherFilesUnderTheSameNameAreLoadedAnew) {
  ModelSpec pulled = spec("m");
  pulled.weights = "/models/newer";
  { const Lease lease = acquire(); }
  { const Lease lease = runtime_->acquire(pulled, {}, {}, soon()); }
  EXPECT_EQ(script_.loads, 2);
  EXPECT_FALSE(runtime_->forecast(spec("m"), {}).resident);
  EXPECT_TRUE(runtime_->forecast(pulled, {}).resident);
}

TEST_F(RuntimeTest, ADeadModelIsLoadedAnewForTheNextRequest) {
  { const Lease lease = acquire(); }
  script_.kill_models();
  const Lease lease = acquire();
  EXPECT_EQ(script_.loads, 2);
  EXPECT_TRUE(lease.model().alive());
}

TEST_F(RuntimeTest, APinnedModelThatDiesIsLoadedAgainThoughNobodyAsks) {
  RuntimeOptions options;
  options.pinned = {"m"};
  options.memory_check = 10ms;
  options.breaker.crashes = 1'000'000;
  options.breaker.pause = 1ms;
  start(options);
  { const Lease lease = acquire(); }
  script_.kill_models();
  ASSERT_TRUE(eventually([&] { return script_.loads == 2; })) << "while it was idle";
  script_.refuse = true;
  script_.kill_models();
  ASSERT_TRUE(eventually([&] { return script_.loads >= 3; }));
  script_.refuse = false;  // what kept it from loading has gone
  EXPECT_TRUE(eventually([&] { return script_.resident == 1 && script_.loads >= 4; }));
}

TEST_F(RuntimeTest, AModelThatCrashesAgainAndAgainIsHeldBackWithRetryAfter) {
  for (int crash = 0; crash < 7; ++crash) {
    try {
      const Lease lease = runtime_->acquire(spec("m"), {}, {}, {Deadline::in(20s), {}});
      script_.kill_models();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBusy);
      EXPECT_GE(error.retry_after().value(), 1s);
      return;
    }
  }
  FAIL() << "a model that always crashes was always loaded again";
}

TEST_F(RuntimeTest, AFailingLoadIsHeldBackToo) {
  script_.refuse = true;
  for (int attempt = 0; attempt < 7; ++attempt) {
    try {
      acquire();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kBusy) return;
    }
  }
  FAIL() << "an engine that dies at every load was started at every request";
}

/// Faulted after three crashes, for an hour or for no time at all.
RuntimeOptions options_with_fault_wait(std::chrono::nanoseconds wait) {
  RuntimeOptions options;
  options.breaker.pause = 0s;
  options.breaker.fault_wait = wait;
  return options;
}

TEST_F(RuntimeTest, ThreeCrashesInARowFaultAModelAndItsRequestsAreToldWhy) {
  start(options_with_fault_wait(1h));
  crash(2);
  EXPECT_TRUE(runtime_->faults().empty());
  crash(1);
  ASSERT_EQ(runtime_->faults().size(), 1U);
  EXPECT_EQ(runtime_->faults()[0].name, "m");
  EXPECT_EQ(runtime_->faults()[0].crashes, 3);
  EXPECT_GT(runtime_->faults()[0].trial_in, 50min);
  try {
    acquire();
    FAIL() << "a faulted model was started";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBusy);
    EXPECT_THAT(error.what(), testing::HasSubstr("faulted: it crashed 3 times in a row"));
    EXPECT_GT(error.retry_after().value(), 50min);
  }
  EXPECT_EQ(script_.loads, 3);
}

TEST_F(RuntimeTest, AnOperatorClearsAFault) {
  start(options_with_fault_wait(1h));
  EXPECT_FALSE(runtime_->clear_fault("m"));
  crash(3);
  EXPECT_TRUE(runtime_->clear_fault("m"));
  EXPECT_TRUE(runtime_->faults().empty());
  EXPECT_NO_THROW(acquire());
}

TEST_F(RuntimeTest, ATrialThatEndsWellClearsAFault) {
  start(options_with_fault_wait(0s));
  crash(3);
  {
    const Lease trial = acquire();
    EXPECT_EQ(runtime_->faults().size(), 1U) << "not well before the request has ended well";
  }
  EXPECT_TRUE(runtime_->faults().empty());
}

TEST_F(RuntimeTest, CrashesBetweenWhichRequestsEndWellAreNoFault) {
  start(options_with_fault_wait(1h));
  for (int i = 0; i < 5; ++i) {
    crash(1);
    { const Lease lease = acquire(); }
  }
  EXPECT_TRUE(runtime_->faults().empty());
}

/// For what must not hang: ends the test program where it does.
class Alarm {
 public:
  Alarm() = default;
  ~Alarm() {
    stop_.request_stop();
    thread_.join();
  }

 private:
  std::stop_source stop_;
  std::thread thread_{[stop = stop_.get_token()] {
    try {
      pause(20s, {Deadline::never(), stop});
    } catch (const Error&) {
      return;
    }
    std::fputs("locked up\n", stderr);
    std::_Exit(EXIT_FAILURE);
  }};
};

TEST_F(RuntimeTest, CrashesWhileClientsAskForDifferentOptionsLockNothingUp) {
  const Alarm alarm;
  RuntimeOptions options;
  options.breaker.crashes = 1'000'000;
  options.breaker.pause = 0s;
  start(options);
  std::vector<std::jthread> clients;
  for (int client = 0; client < 6; ++client) {
    clients.emplace_back([&, client] {
      LoadOptions asked;
      asked.context_length = client % 2 == 0 ? 256 : 512;
      for (int i = 0; i < 200; ++i) {
        try {
          const Lease lease = acquire(asked);
          if (i % 3 == 0) std::this_thread::yield();
          if (i % 4 == client % 4) script_.kill_models();
        } catch (const Error& error) {  // unloaded while it was being loaded
          EXPECT_EQ(error.code(), ErrorCode::kBusy);
        }
        if (i % 50 == 0) runtime_->unload("m");
        if (i % 20 == 0) runtime_->residents();
      }
    });
  }
  clients.clear();
  runtime_->unload_all();
  EXPECT_EQ(script_.resident, 0);
}

TEST_F(RuntimeTest, AModelThatDiesWhileLeasedGoesWithItsLastLease) {
  auto first = std::make_unique<Lease>(acquire());
  auto second = std::make_unique<Lease>(acquire());
  script_.kill_models();
  const Lease successor = acquire();
  EXPECT_EQ(script_.resident, 2);
  first.reset();
  EXPECT_EQ(script_.resident, 2);
  second.reset();
  EXPECT_EQ(script_.resident, 1);
}

TEST_F(RuntimeTest, ALoadThatItsClientAbandonedIsNoAnswerForTheNext) {
  script_.gate_open = false;
  script_.is_deaf = true;
  std::stop_source stop;
  std::jthread abandons([&] {
    EXPECT_THROW(runtime_->acquire(spec("m"), {}, {}, {Deadline::in(20s), stop.get_token()}),
                 Error);
  });
  ASSERT_TRUE(eventually([&] { return script_.loads == 1; }));
  stop.request_stop();
  abandons.join();
  std::jthread next([&] { EXPECT_NO_THROW(acquire()); });
  std::this_thread::sleep_for(20ms);  // whichever comes first, it must get its model
  script_.gate_open = true;
  script_.is_deaf = false;
  next.join();
}

TEST_F(RuntimeTest, UnloadEndsALoadAndSaysSoToItsWaiters) {
  script_.gate_open = false;
  std::string answer;
  std::jthread client([&] {
    try {
      acquire();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBusy);
      EXPECT_TRUE(error.retry_after());
      answer = error.what();
    }
  });
  ASSERT_TRUE(eventually([&] { return script_.loads == 1; }));
  EXPECT_TRUE(runtime_->unload("m"));
  client.join();
  EXPECT_EQ(answer, "model 'm' was unloaded while it was being loaded");
  EXPECT_TRUE(script_.load_was_called_off);
  EXPECT_EQ(script_.loads, 1);
  EXPECT_TRUE(runtime_->residents().empty());
  EXPECT_TRUE(runtime_->faults().empty());
}

TEST_F(RuntimeTest, ADeadIdleModelMakesPlaceForItsSuccessorAtOnce) {
  RuntimeOptions options;
  options.max_models = 1;
  options.memory_wait = 0s;
  start(options);
  { const Lease lease = acquire(); }
  script_.kill_models();
  EXPECT_NO_THROW(acquire());
}

TEST_F(RuntimeTest, ALeaseMayOutliveTheRuntime) {
  auto lease = std::make_unique<Lease>(acquire());
  runtime_.reset();
  EXPECT_EQ(script_.resident, 1);
  lease.reset();
  EXPECT_EQ(script_.resident, 0);
}

}  // namespace
}  // namespace hailstone::core
