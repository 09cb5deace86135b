// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <future>

#include "core/machine/monitor.hpp"
#include "core/metrics/metrics.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::core {
namespace {

using test_support::ManualClock;

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// A machine whose files tell what the test wants.
class FakeMachine {
 public:
  FakeMachine()
      : root_(fs::temp_directory_path() / ("hailstone-host-" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~FakeMachine() { fs::remove_all(root_); }
  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;

  const fs::path& root() const { return root_; }
  void write(const fs::path& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  void set_zone(int number, const std::string& type, const std::string& temp) const {
    const auto zone = fs::path("sys/class/thermal") / ("thermal_zone" + std::to_string(number));
    write(zone / "type", type + "\n");
    write(zone / "temp", temp + "\n");
  }
  void set_heat(double degrees) const {
    set_zone(0, "cpu-thermal", std::to_string(static_cast<int>(degrees * 1000)));
  }
  void set_cpu(std::uint64_t busy, std::uint64_t idle) const {
    write("proc/stat",
          "cpu  " + std::to_string(busy) + " 0 0 " + std::to_string(idle) + " 0 0 0 0 0 0\n");
  }
  void set_firmware(const std::string& script) const {
    write("usr/bin/vcgencmd", "#!/bin/sh\n" + script + "\n");
    fs::permissions(root_ / "usr/bin/vcgencmd", fs::perms::owner_all);
  }

 private:
  fs::path root_;
};

MachineReading at(double degrees) {
  MachineReading reading;
  reading.thermometers = {{"cpu-thermal", {degrees}}};
  return reading;
}

MachineReading busy(double load) {
  MachineReading reading;
  reading.cpu_load = load;
  return reading;
}

TEST(ThermalZones, AreReadWithTheirNames) {
  const FakeMachine machine;
  EXPECT_THAT(read_thermal_zones(machine.root()), IsEmpty());
  machine.set_zone(0, "cpu-thermal", "48300");
  machine.set_zone(1, "x86_pkg_temp", "91000");
  machine.set_zone(2, "cpu-thermal", "50000");
  const auto zones = read_thermal_zones(machine.root());
  ASSERT_THAT(zones, SizeIs(3));
  EXPECT_EQ(zones[0].name, "cpu-thermal");
  EXPECT_EQ(to_string(zones[0].temperature), "48.3 \u00B0C");
  EXPECT_TRUE(zones[0].counts);
  EXPECT_FALSE(zones[1].counts) << "a PC guards itself, and runs hotter than a board may";
  EXPECT_EQ(zones[2].name, "cpu-thermal (thermal_zone2)");
}

TEST(ThermalZones, LeaveOutNonsense) {
  const FakeMachine machine;
  int number = 0;
  for (const auto* temp : {"", "hot", "-273150", "999999", "12x", "99999999999999999999"}) {
    machine.set_zone(number++, "soc-thermal", temp);
  }
  EXPECT_THAT(read_thermal_zones(machine.root()), IsEmpty());
}

TEST(CpuTimes, AreParsed) {
  const auto times = parse_cpu_times("cpu  10 1 2 80 5 1 1 0 99 99\ncpu0 1 2 3 4\n");
  ASSERT_TRUE(times);
  EXPECT_EQ(times->busy, 15U);
  EXPECT_EQ(times->total, 100U);
  for (const auto* text : {"", "cpu", "cpu \n", "cpu0 1 2 3 4", "cpu  a b c d", "cpu 1 2 3"}) {
    EXPECT_FALSE(parse_cpu_times(text)) << text;
  }
}

TEST(CpuTimes, MakeALoad) {
  EXPECT_DOUBLE_EQ(*load_between({10, 100}, {60, 200}), 0.5);
  EXPECT_DOUBLE_EQ(*load_between({10, 100}, {5, 200}), 0);
  EXPECT_FALSE(load_between({10, 100}, {10, 100}));
}

TEST(ThrottlingBits, HaveNames) {
  EXPECT_EQ(parse_throttling("throttled=0x0\n"), Throttling{});
  const auto some = parse_throttling("throttled=0x50005");
  ASSERT_TRUE(some);
  EXPECT_THAT(some->now(), ElementsAre("under-voltage", "throttled"));
  EXPECT_THAT(parse_throttling("throttled=0xa0000")->since_start(),
              ElementsAre("frequency capped", "soft temperature limit"));
  EXPECT_THAT(parse_throttling("throttled=0xa0000")->now(), IsEmpty());
  EXPECT_TRUE(Throttling{8}.is_slowed());
  EXPECT_FALSE(Throttling{0xF0003}.is_slowed());
  for (const auto* text : {"", "throttled=0x", "throttled=5", "throttled=0xZZ", "error=1"}) {
    EXPECT_FALSE(parse_throttling(text)) << text;
  }
}

TEST(Vcgencmd, IsAskedWhereItIs) {
  const FakeMachine machine;
  const auto ask = [&] { return read_throttling(machine.root(), Deadline::in(seconds(30))); };
  EXPECT_FALSE(ask());
  machine.set_firmware("test \"$1\" = get_throttled && echo throttled=0x4");
  EXPECT_EQ(ask(), Throttling{4});
  machine.set_firmware("echo VCHI initialization failed; exit 255");
  EXPECT_FALSE(ask());
}

TEST(Vcgencmd, IsNotWaitedForBeyondTheDeadline) {
  const FakeMachine machine;
  machine.set_firmware("sleep 3600; echo throttled=0x4");
  EXPECT_FALSE(read_throttling(machine.root(), Deadline::in(std::chrono::milliseconds(1))));
}

TEST(MachineJudge, HeatHasTwoLimitsAndLeavesThemLater) {
  MachineJudge judge({Celsius{70}, Celsius{80}});
  const auto heat_at = [&](double degrees) {
    judge.judge(at(degrees), {});
    return judge.heat();
  };
  EXPECT_EQ(heat_at(69.9), Heat::kCool);
  EXPECT_EQ(heat_at(70), Heat::kWarm);
  EXPECT_EQ(heat_at(65.1), Heat::kWarm);
  EXPECT_EQ(heat_at(64.9), Heat::kCool);
  EXPECT_EQ(heat_at(69.9), Heat::kCool);
  EXPECT_EQ(heat_at(80), Heat::kHot);
  EXPECT_EQ(heat_at(75.1), Heat::kHot);
  EXPECT_EQ(heat_at(74.9), Heat::kWarm);
  EXPECT_EQ(heat_at(79.9), Heat::kWarm);
  EXPECT_EQ(heat_at(20), Heat::kCool);
}

TEST(MachineJudge, TellsEachChangeOnceWithItsReason) {
  MachineJudge judge({Celsius{70}, Celsius{80}});
  EXPECT_THAT(judge.judge(at(50), {}), IsEmpty());
  const auto changes = judge.judge(at(82.5), {});
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].what, "heat");
  EXPECT_EQ(changes[0].now, "hot");
  EXPECT_EQ(changes[0].reason, "cpu-thermal has 82.5 \u00B0C, the limit is 80.0 \u00B0C");
  EXPECT_EQ(judge.heat_reason(), changes[0].reason);
  EXPECT_THAT(judge.judge(at(83), {}), IsEmpty());
  EXPECT_THAT(judge.heat_reason(), HasSubstr("83.0"));
  EXPECT_THAT(judge.judge(at(50), {}), SizeIs(1));
  EXPECT_EQ(judge.heat_reason(), "");
}

TEST(MachineJudge, KnowsNoHeatWithoutLimitsOrThermometers) {
  MachineJudge without_limits({std::nullopt, std::nullopt});
  without_limits.judge(at(140), {});
  EXPECT_EQ(without_limits.heat(), Heat::kCool);
  MachineJudge judge({Celsius{70}, Celsius{80}});
  MachineReading elsewhere;
  elsewhere.thermometers = {{"x86_pkg_temp", {99}, false}};
  judge.judge(elsewhere, {});
  EXPECT_EQ(judge.heat(), Heat::kCool);
  judge.judge(at(90), {});
  judge.judge({}, {});
  EXPECT_EQ(judge.heat(), Heat::kCool) << "a thermometer that has gone must not close the service";
}

TEST(MachineJudge, TheHottestChipCounts) {
  MachineJudge judge({Celsius{70}, Celsius{80}});
  MachineReading reading = at(50);
  reading.thermometers.push_back({"hailo", {85}});
  judge.judge(reading, {});
  EXPECT_EQ(judge.heat(), Heat::kHot);
  EXPECT_THAT(judge.heat_reason(), HasSubstr("hailo"));
}

TEST(MachineJudge, AFirmwareThatSlowsTheCoresDownMeansWarm) {
  MachineJudge judge({Celsius{70}, Celsius{80}});
  MachineReading reading = at(60);
  reading.throttling = Throttling{8};
  EXPECT_THAT(judge.judge(reading, {}), SizeIs(2));
  EXPECT_EQ(judge.heat(), Heat::kWarm);
  EXPECT_THAT(judge.heat_reason(), HasSubstr("soft temperature limit"));
  reading.throttling = Throttling{0x80000};
  EXPECT_THAT(judge.judge(reading, {}), SizeIs(2));
  EXPECT_EQ(judge.heat(), Heat::kCool);
}

TEST(MachineJudge, OnlyASustainedLoadCounts) {
  MachineJudge judge({});
  ManualClock clock;
  const auto loaded_at = [&](double load, seconds later) {
    clock.advance(later);
    judge.judge(busy(load), clock.now());
    return judge.is_loaded();
  };
  EXPECT_FALSE(loaded_at(0.9, seconds(5)));
  EXPECT_FALSE(loaded_at(0.9, seconds(29)));
  EXPECT_FALSE(loaded_at(0.5, seconds(5)));
  EXPECT_FALSE(loaded_at(0.9, seconds(5)));
  EXPECT_TRUE(loaded_at(0.81, seconds(30)));
  EXPECT_TRUE(loaded_at(0.7, seconds(100))) << "it ends well below where it begins";
  EXPECT_TRUE(loaded_at(0.5, seconds(5)));
  EXPECT_FALSE(loaded_at(0.5, seconds(30)));
}

struct Monitored {
  FakeMachine machine;
  ManualClock clock;
  Metrics metrics;
  MachineMonitor monitor{MachineOptions{machine.root(), {Celsius{70}, Celsius{80}}}, metrics,
                         clock};

  MachineStatus sample(std::vector<Thermometer> chips = {}) {
    return monitor.sample([&] { return chips; });
  }
};

TEST(MachineMonitor, PutsTogetherWhatTheMachineTells) {
  Monitored host;
  host.machine.set_heat(48.5);
  host.machine.set_cpu(100, 100);
  host.machine.set_firmware("echo throttled=0x1");
  EXPECT_FALSE(host.sample().reading.cpu_load);
  host.machine.set_cpu(190, 110);
  const auto status = host.sample({{"hailo", {81}}});
  EXPECT_EQ(status.heat, Heat::kHot);
  EXPECT_DOUBLE_EQ(*status.reading.cpu_load, 0.9);
  EXPECT_EQ(status.reading.throttling, Throttling{1});
  EXPECT_THAT(status.reading.thermometers, SizeIs(2));
  EXPECT_EQ(host.monitor.status().heat, Heat::kHot);
  const auto text = host.metrics.expose();
  EXPECT_THAT(text, HasSubstr(R"(hailstone_host_temperature_celsius{sensor="cpu-thermal"} 48.5)"));
  EXPECT_THAT(text, HasSubstr("hailstone_host_heat 2"));
  EXPECT_THAT(text, HasSubstr("hailstone_host_cpu_load_ratio 0.9"));
}

TEST(MachineMonitor, AsksTheFirmwareOnlyNowAndThen) {
  Monitored host;
  host.machine.set_firmware("echo throttled=0x1");
  EXPECT_EQ(host.sample().reading.throttling, Throttling{1});
  host.machine.set_firmware("echo throttled=0x2");
  EXPECT_EQ(host.sample().reading.throttling, Throttling{1});
  host.clock.advance(seconds(30));
  EXPECT_EQ(host.sample().reading.throttling, Throttling{2});
}

TEST(MachineMonitor, WorksOnAMachineThatTellsNothing) {
  Monitored host;
  const auto status = host.sample();
  EXPECT_EQ(status.heat, Heat::kCool);
  EXPECT_FALSE(status.is_loaded);
  EXPECT_FALSE(status.reading.cpu_load);
}

TEST(MachineSampler, SamplesAtOnce) {
  Monitored host;
  host.machine.set_heat(85);
  std::promise<Heat> seen;
  const MachineSampler sampler(
      host.monitor, [] { return std::vector<Thermometer>(); },
      [&seen](const MachineStatus& status) { seen.set_value(status.heat); });
  EXPECT_EQ(seen.get_future().get(), Heat::kHot);
}

TEST(MachineSampler, EndsAlsoWhereAReadingFails) {
  Monitored host;
  std::promise<void> asked;
  const MachineSampler sampler(
      host.monitor,
      [&asked]() -> std::vector<Thermometer> {
        asked.set_value();
        throw std::runtime_error("no chip");
      },
      [](const MachineStatus&) { ADD_FAILURE() << "there is nothing to tell"; });
  asked.get_future().get();
}

}  // namespace
}  // namespace hailstone::core
