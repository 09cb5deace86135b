// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// The runtime under a budget: who goes, who waits, who is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "core/runtime/runtime.hpp"

namespace hailstone::core {
namespace {

using namespace std::chrono_literals;
using inference::Footprint;
using inference::LoadOptions;
using inference::ModelSpec;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A machine whose models take what the test says, and that knows the most that was ever taken.
class Machine {
 public:
  void take(const std::string& name, ByteSize amount) {
    const std::lock_guard lock(mutex_);
    taken_[name] = amount;
    ByteSize sum;
    for (const auto& [model, size] : taken_) sum += size;
    most_ = std::max(most_, sum);
  }
  void give(const std::string& name) {
    const std::lock_guard lock(mutex_);
    taken_.erase(name);
  }
  ByteSize of(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return taken_[name];
  }
  ByteSize most() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

  std::atomic<int> loads{0};
  std::atomic<int> refused_loads{0};  ///< so many next loads find no memory
  std::atomic<int> growth{0};         ///< MiB that a model takes beyond its estimate
  std::atomic<bool> gate_open{true};  ///< else loads wait
  std::atomic<double> pressure{0};

 private:
  std::mutex mutex_;
  std::map<std::string, ByteSize> taken_;
  ByteSize most_;
};

/// "a-30" takes 30 MiB.
ByteSize size_of(const std::string& name) {
  return ByteSize::mib(std::stoul(name.substr(name.find('-') + 1)));
}

class SizedModel final : public inference::Model {
 public:
  SizedModel(Machine& machine, const std::string& name) : machine_(machine), name_(name) {
    machine_.take(name_, size_of(name) + ByteSize::mib(static_cast<unsigned>(machine_.growth)));
  }
  ~SizedModel() override { machine_.give(name_); }
  int slots() const noexcept override { return 100; }
  bool alive() const noexcept override { return true; }
  Footprint footprint() const override { return {machine_.of(name_), {}}; }

 private:
  Machine& machine_;
  const std::string name_;
};

class SizedEngine final : public inference::Engine {
 public:
  explicit SizedEngine(Machine& machine) : machine_(machine) {}
  std::string_view name() const noexcept override { return "sized"; }
  inference::Availability probe() const override { return {true, {}, "7"}; }
  Footprint estimate(const ModelSpec& spec, const LoadOptions&) const override {
    return {size_of(spec.name), {}};
  }
  inference::ModelFacts describe(const ModelSpec&, inference::FactDetail) const override {
    return {};
  }
  std::unique_ptr<inference::Model> load(const ModelSpec& spec, const LoadOptions&,
                                         const RunContext& run) override {
    ++machine_.loads;
    while (!machine_.gate_open) {
      run.check();
      std::this_thread::sleep_for(1ms);
    }
    if (machine_.refused_loads-- > 0) throw Error(ErrorCode::kOutOfMemory, "no memory, really");
    return std::make_unique<SizedModel>(machine_, spec.name);
  }

 private:
  Machine& machine_;
};

ModelSpec spec(const std::string& name) {
  ModelSpec out;
  out.name = name;
  out.engine = "sized";
  return out;
}

class Residency : public testing::Test {
 protected:
  /// 100 MiB, no patience, and no checks of memory that the test does not wait for.
  static RuntimeOptions tiny() {
    RuntimeOptions options;
    options.memory_limit.host = ByteSize::mib(100);
    options.memory_wait = 0s;
    options.memory_check = 1h;
    return options;
  }

  void start(RuntimeOptions options) {
    runtime_.reset();
    options.memory_pressure = [this] { return machine_.pressure.load(); };
    std::vector<std::unique_ptr<inference::Engine>> engines;
    engines.push_back(std::make_unique<SizedEngine>(machine_));
    runtime_ = std::make_unique<Runtime>(std::move(engines), std::move(options), metrics_);
  }
  void SetUp() override { start(tiny()); }

  Lease acquire(const std::string& name, std::optional<KeepAlive> keep_alive = {}) {
    return runtime_->acquire(spec(name), {}, keep_alive, {Deadline::in(20s), {}});
  }
  void use(const std::string& name) { const Lease lease = acquire(name); }

  std::vector<std::string> resident() const {
    std::vector<std::string> names;
    for (const auto& model : runtime_->residents()) names.push_back(model.name);
    return names;
  }

  Error refusal(const std::string& name) {
    try {
      use(name);
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::kInternal, "not refused");
  }

  template <class Predicate>
  static bool eventually(Predicate&& predicate) {
    for (int i = 0; i < 5000; ++i) {
      if (predicate()) return true;
      std::this_thread::sleep_for(2ms);
    }
    return false;
  }

  Machine machine_;
  Metrics metrics_;
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(Residency, WhatDoesNotFitEvictsTheLeastRecentlyUsed) {
  use("a-40");
  use("b-40");
  use("a-40");
  use("c-40");
  EXPECT_THAT(resident(), UnorderedElementsAre("a-40", "c-40"));
  EXPECT_LE(machine_.most(), ByteSize::mib(100))
      << "the old memory is back before the new is taken";
  EXPECT_EQ(runtime_->memory().used.host, ByteSize::mib(80));
}

TEST_F(Residency, WhatIsInUseStaysAndTheRefusalHasTheNumbers) {
  const Lease lease = acquire("a-70");
  const Error error = refusal("b-40");
  EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory);
  EXPECT_TRUE(error.retry_after());
  EXPECT_STREQ(error.what(),
               "model 'b-40' does not fit into memory now: it needs 40.0 MiB of host memory, and "
               "30.0 MiB of 100.0 MiB are free");
  EXPECT_EQ(error.detail(), "in use: a-70 70.0 MiB");
  EXPECT_THAT(resident(), ElementsAre("a-70"));
}

TEST_F(Residency, WhatCanNeverFitIsSaidAtOnceWithoutARetry) {
  use("a-40");
  const Error error = refusal("huge-101");
  EXPECT_EQ(error.code(), ErrorCode::kOutOfMemory);
  EXPECT_FALSE(error.retry_after());
  EXPECT_STREQ(error.what(),
               "model 'huge-101' can never fit: it needs 101.0 MiB of host memory, and the limit "
               "is 100.0 MiB");
  EXPECT_THAT(resident(), ElementsAre("a-40")) << "nobody goes for what cannot come";
}

TEST_F(Residency, APinnedModelIsNeverEvictedAndOutlivesItsKeepAlive) {
  RuntimeOptions options = tiny();
  options.pinned = {"a-60"};
  start(options);
  { const Lease lease = acquire("a-60", KeepAlive::zero()); }
  EXPECT_THAT(resident(), ElementsAre("a-60"));
  EXPECT_TRUE(runtime_->residents().at(0).pinned);
  const Error error = refusal("b-50");
  EXPECT_FALSE(error.retry_after());
  EXPECT_THAT(error.what(), HasSubstr("of which pinned models hold 60.0 MiB"));
  EXPECT_TRUE(runtime_->unload("a-60")) << "an operator may";
  EXPECT_NO_THROW(use("b-50"));
}

TEST_F(Residency, ALoadWaitsForMemoryThatIsInUse) {
  RuntimeOptions options = tiny();
  options.memory_wait = 20s;
  start(options);
  auto lease = std::make_unique<Lease>(acquire("a-70"));
  std::jthread waiting([&] { EXPECT_NO_THROW(use("b-70")); });
  ASSERT_TRUE(eventually([&] { return resident().size() == 2; }));
  EXPECT_EQ(machine_.loads, 1);
  lease.reset();
  waiting.join();
  EXPECT_THAT(resident(), ElementsAre("b-70"));
}

TEST_F(Residency, ABusyModelLetsAWaitingLoadHaveItsTurn) {
  RuntimeOptions options = tiny();
  options.memory_wait = 20s;
  start(options);
  std::atomic<bool> done{false};
  // Two clients that hold the first model in turns, so that it is never idle.
  std::vector<std::jthread> clients;
  for (int i = 0; i < 2; ++i) {
    clients.emplace_back([&] {
      while (!done) {
        const Lease lease = acquire("a-70");
        std::this_thread::sleep_for(5ms);
      }
    });
  }
  ASSERT_TRUE(eventually([&] { return machine_.loads == 1; }));
  EXPECT_NO_THROW(use("b-70"));
  done = true;
}

TEST_F(Residency, ASmallModelDoesNotWaitBehindALargeOne) {
  RuntimeOptions options = tiny();
  options.memory_wait = 20s;
  start(options);
  auto lease = std::make_unique<Lease>(acquire("a-70"));
  std::jthread waiting([&] { EXPECT_NO_THROW(use("b-70")); });
  ASSERT_TRUE(eventually([&] { return resident().size() == 2; }));
  EXPECT_NO_THROW(use("c-20"));
  lease.reset();
}

TEST_F(Residency, MeasuredMemoryReplacesTheEstimate) {
  machine_.growth = 30;
  use("a-40");
  EXPECT_EQ(runtime_->memory().used.host, ByteSize::mib(70));
  machine_.growth = 0;
  const Lease lease = acquire("a-40");
  EXPECT_THAT(refusal("b-40").what(), HasSubstr("30.0 MiB of 100.0 MiB are free"));
}

TEST_F(Residency, AModelThatGrowsCostsTheLeastValuableIdleOne) {
  RuntimeOptions options = tiny();
  options.memory_check = 10ms;
  start(options);
  use("a-30");
  use("b-30");
  const Lease leaking = acquire("c-30");
  machine_.take("c-30", ByteSize::mib(60));
  ASSERT_TRUE(eventually([&] { return resident().size() == 2; }));
  EXPECT_THAT(resident(), UnorderedElementsAre("b-30", "c-30"));
  EXPECT_TRUE(eventually([&] { return runtime_->memory().used.host == ByteSize::mib(90); }));
}

TEST_F(Residency, UnderMemoryPressureIdleModelsGo) {
  RuntimeOptions options = tiny();
  options.memory_check = 10ms;
  start(options);
  use("a-10");
  use("b-10");
  const Lease lease = acquire("c-10");
  machine_.pressure = 9;
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(resident().size(), 3U);
  machine_.pressure = 25;
  ASSERT_TRUE(eventually([&] { return resident().size() == 1; }));
  EXPECT_THAT(resident(), ElementsAre("c-10"));
}

TEST_F(Residency, ALoadThatFindsNoMemoryEvictsAllIdleAndTriesOnceMore) {
  use("a-10");
  use("b-10");
  machine_.refused_loads = 1;
  EXPECT_NO_THROW(use("c-10"));
  EXPECT_THAT(resident(), ElementsAre("c-10"));
  machine_.refused_loads = 2;
  EXPECT_STREQ(refusal("d-10").what(), "no memory, really");
  EXPECT_THAT(resident(), IsEmpty());
  EXPECT_EQ(runtime_->memory().used, Footprint());
}

TEST_F(Residency, TheOperatorLimitsTheNumberOfModels) {
  RuntimeOptions options = tiny();
  options.max_models = 2;
  start(options);
  use("a-1");
  use("b-1");
  use("c-1");
  EXPECT_THAT(resident(), UnorderedElementsAre("b-1", "c-1"));
  const Lease b = acquire("b-1");
  const Lease c = acquire("c-1");
  EXPECT_THAT(refusal("d-1").what(), HasSubstr("2 of 2 models are loaded"));
}

TEST_F(Residency, TheOperatorCutsAKeepAliveThatIsTooLong) {
  RuntimeOptions options = tiny();
  options.max_keep_alive = 10min;
  start(options);
  EXPECT_EQ(acquire("a-1", kForEver).cut_keep_alive(), 10min);
  EXPECT_EQ(acquire("a-1", 11min).cut_keep_alive(), 10min);
  EXPECT_EQ(acquire("a-1", 9min).cut_keep_alive(), std::nullopt);
  EXPECT_EQ(acquire("a-1").cut_keep_alive(), std::nullopt) << "the client has asked for nothing";
  EXPECT_TRUE(runtime_->residents().at(0).expires) << "but gets no more than the others";
}

TEST_F(Residency, AForecastSaysWhatALoadWouldMean) {
  use("a-60");
  const auto fits = runtime_->forecast(spec("b-40"), {});
  EXPECT_TRUE(fits.fits);
  EXPECT_FALSE(fits.resident);
  EXPECT_THAT(fits.evicts, IsEmpty());
  EXPECT_EQ(fits.load_time, std::nullopt);
  EXPECT_EQ(fits.free.host, ByteSize::mib(40));
  EXPECT_THAT(runtime_->forecast(spec("b-50"), {}).evicts, ElementsAre("a-60"));
  const auto there = runtime_->forecast(spec("a-60"), {});
  EXPECT_TRUE(there.resident && there.fits && there.load_time);
  const auto never = runtime_->forecast(spec("c-101"), {});
  EXPECT_FALSE(never.fits);
  EXPECT_THAT(never.reason, HasSubstr("the limit is 100.0 MiB"));
  const Lease lease = acquire("a-60");
  EXPECT_FALSE(runtime_->forecast(spec("b-50"), {}).fits);
  EXPECT_THAT(resident(), ElementsAre("a-60")) << "nothing has happened";
}

TEST_F(Residency, ALoadThatIsCalledOffGivesItsReservationBack) {
  machine_.gate_open = false;
  std::stop_source stop;
  std::jthread client([&] {
    EXPECT_THROW(runtime_->acquire(spec("a-90"), {}, {}, {Deadline::in(20s), stop.get_token()}),
                 Error);
  });
  ASSERT_TRUE(eventually([&] { return machine_.loads == 1; }));
  EXPECT_EQ(runtime_->memory().used.host, ByteSize::mib(90));
  EXPECT_EQ(runtime_->residents().at(0).footprint.host, ByteSize::mib(90));
  stop.request_stop();
  client.join();
  EXPECT_TRUE(eventually([&] { return runtime_->memory().used == Footprint(); }));
}

TEST_F(Residency, ManyClientsNeverExceedTheBudgetAndNobodyStarves) {
  RuntimeOptions options = tiny();
  options.memory_wait = 20s;
  start(options);
  const std::vector<std::string> names = {"a-10", "b-20", "c-30", "d-40", "e-50", "f-90"};
  std::vector<std::jthread> clients;
  std::atomic<int> served{0};
  for (unsigned i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      for (unsigned round = 0; round < 100; ++round) {
        use(names[(round * (i + 1) + i) % names.size()]);
        ++served;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(served, 800);
  EXPECT_LE(machine_.most(), ByteSize::mib(100));
}

/// As one that keeps a file.
class KeptTimes final : public LoadTimes {
 public:
  std::optional<std::chrono::nanoseconds> find(const ModelSpec& spec,
                                               const std::string& version) const override {
    const std::lock_guard lock(mutex_);
    const auto found = times_.find(spec.name + " " + version);
    if (found == times_.end()) return std::nullopt;
    return found->second;
  }
  void note(const ModelSpec& spec, const std::string& version,
            std::chrono::nanoseconds time) override {
    const std::lock_guard lock(mutex_);
    times_[spec.name + " " + version] = time;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::chrono::nanoseconds> times_;
};

TEST_F(Residency, LoadTimesOfEarlierProcessesAreKnown) {
  KeptTimes times;
  RuntimeOptions options = tiny();
  options.load_times = &times;
  start(options);
  use("a-60");
  runtime_.reset();  // ends its threads: whatever was to be noted is noted
  EXPECT_TRUE(times.find(spec("a-60"), "7"));
  times.note(spec("a-60"), "7", 42s);
  start(options);
  EXPECT_EQ(runtime_->forecast(spec("a-60"), {}).load_time, 42s);
  EXPECT_EQ(runtime_->forecast(spec("b-40"), {}).load_time, std::nullopt);
  use("a-60");
  EXPECT_LT(runtime_->forecast(spec("a-60"), {}).load_time, 42s);
  runtime_.reset();
}

}  // namespace
}  // namespace hailstone::core
