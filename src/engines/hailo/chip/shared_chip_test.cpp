// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/shared_chip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "engines/hailo/chip/status.hpp"

namespace hailstone::engines::hailo {
namespace {

using namespace std::chrono_literals;

class QuietChip : public Chip {
 public:
  std::unique_ptr<Network> open_network(const std::string&, const NetworkOptions&) override {
    return nullptr;
  }
  std::unique_ptr<LanguageModel> open_language(const std::string&, const std::string&) override {
    return nullptr;
  }
  std::unique_ptr<LanguageModel> open_vision_language(const std::string&) override {
    return nullptr;
  }
  std::unique_ptr<Listener> open_listener(const std::string&) override { return nullptr; }
  std::optional<ChipFigures> find_figures() override { return ChipFigures{8, 1, 0}; }
  std::optional<double> find_celsius() override { return 51; }
  std::string firmware() override { return "5.2.0"; }
};

/// Another program has the chip at the first tries.
class TakenRuntime : public HailoRt {
 public:
  explicit TakenRuntime(int taken, std::size_t devices = 1) : taken_(taken), devices_(devices) {}
  std::string headers_version() const override { return "5.2.0"; }
  std::vector<std::string> scan() override { return std::vector<std::string>(devices_, "0001:01"); }
  std::unique_ptr<Chip> open_chip() override {
    ++tries;
    if (taken_-- > 0) throw ChipError(kHailoOutOfDevices, "VDevice::create_shared", "out of them");
    return std::make_unique<QuietChip>();
  }
  HefInfo describe(const std::string&) override { return {}; }
  int tries = 0;

 private:
  int taken_;
  const std::size_t devices_;
};

RunContext soon() {
  return {Deadline::in(30s), {}};
}

ErrorCode code_of(SharedChip& chip, HailoRt& runtime, const RunContext& run) {
  try {
    chip.ensure_open(runtime, run);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;  // what it never throws
}

TEST(SharedChip, WaitsForAProgramThatIsJustLeaving) {
  TakenRuntime runtime(1);
  SharedChip chip([](const std::string&) {});
  chip.ensure_open(runtime, soon());
  EXPECT_EQ(runtime.tries, 2);
  chip.ensure_open(runtime, soon());
  EXPECT_EQ(runtime.tries, 2) << "it was opened twice";
}

TEST(SharedChip, TellsATakenChipFromNone) {
  TakenRuntime none(1000, 0);
  SharedChip chip([](const std::string&) {});
  EXPECT_EQ(code_of(chip, none, soon()), ErrorCode::kUnsupported);
  TakenRuntime taken(1000);
  EXPECT_EQ(code_of(chip, taken, {Deadline::in(500ms), {}}), ErrorCode::kBusy);
}

TEST(SharedChip, ALostChipEndsTheProcessOnceAndLetsNobodyInAnyMore) {
  std::promise<std::string> ended;
  TakenRuntime runtime(0);
  SharedChip chip([&](const std::string& why) { ended.set_value(why); });
  chip.ensure_open(runtime, soon());
  const ChipError lost(kHailoCommunicationClosed, "read", "closed");
  EXPECT_EQ(chip.explain(lost, "writing").code(), ErrorCode::kEngineFailed);
  chip.explain(lost, "writing");
  EXPECT_TRUE(chip.is_lost());
  EXPECT_EQ(code_of(chip, runtime, soon()), ErrorCode::kBusy);
  auto why = ended.get_future();
  ASSERT_EQ(why.wait_for(30s), std::future_status::ready);
  EXPECT_THAT(why.get(), testing::HasSubstr("while writing"));
}

TEST(SharedChip, ACallThatDoesNotReturnEndsTheProcess) {
  std::promise<std::string> ended;
  SharedChip chip([&](const std::string& why) { ended.set_value(why); });
  const CallWatch::Call quick(chip.watch(), "something quick", 3600s);
  const CallWatch::Call stuck(chip.watch(), "running yolox", 1s);
  auto why = ended.get_future();
  ASSERT_EQ(why.wait_for(30s), std::future_status::ready);
  EXPECT_THAT(why.get(), testing::HasSubstr("has not returned from running yolox for 1 s"));
}

TEST(Turns, AreGivenInTheOrderOfArrivalAndCalledOff) {
  Turns turns;
  std::stop_source stop;
  std::vector<int> order;
  std::mutex mutex;
  {
    std::optional<Turns::Turn> first(std::in_place, turns, soon());
    std::jthread leaves([&] {
      EXPECT_THROW(Turns::Turn(turns, {Deadline::in(30s), stop.get_token()}), Error);
    });
    stop.request_stop();
    leaves.join();
    EXPECT_THROW(Turns::Turn(turns, {Deadline::in(10ms), {}}), Error);
  }
  std::optional<Turns::Turn> holder(std::in_place, turns, soon());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const Turns::Turn turn(turns, soon());
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
    std::this_thread::sleep_for(30ms);  // so that they come in this order
  }
  holder.reset();
  threads.clear();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

}  // namespace
}  // namespace hailstone::engines::hailo
