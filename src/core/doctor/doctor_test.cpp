// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/doctor.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/strings.hpp"
#include "core/doctor/chip_watch.hpp"
#include "support/manual_clock.hpp"

namespace hailstone::doctor {
namespace {

namespace fs = std::filesystem;
using test_support::ManualClock;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A machine of tests/boxes, and what has to be said of it first.
struct Expected {
  const char* box;
  Verdict verdict;
  const char* check;
  const char* found;
  const char* fix;
};

constexpr Expected kBoxes[] = {
    {"board_not_seated", Verdict::kProblem, "npu.chip", "h10-hailort 5.1.1 is installed",
     "sudo poweroff"},
    {"card_is_read_only", Verdict::kProblem, "machine.disk", "mounted read-only", "remount,rw /"},
    {"chip_dropped_off_the_bus", Verdict::kProblem, "npu.kernel_log", "Device disconnected",
     "sudo poweroff"},
    {"driver_newer_than_firmware", Verdict::kProblem, "npu.versions",
     "driver 5.3.0, library 5.3.0, firmware 5.1.1", "0001:01:00.0/reset"},
    {"held_by_hailo_ollama", Verdict::kProblem, "npu.holder", "hailo-ollama.service (process 655)",
     "sudo systemctl disable --now hailo-ollama"},
    {"home_assistant_os", Verdict::kProblem, "machine.system", "Home Assistant OS",
     "Raspberry Pi OS"},
    {"kernel_upgraded_without_dkms", Verdict::kProblem, "npu.driver",
     "built for kernel 6.12.47+rpt-rpi-2712", "sudo apt install dkms"},
    {"models_of_another_user", Verdict::kProblem, "service.models",
     "hailstone may not read /home/pi (drwx------ pi pi)",
     "sudo chown -R hailstone:hailstone /home/pi"},
    {"no_contiguous_memory", Verdict::kProblem, "npu.cma", "cma=1G", "dtoverlay=cma,cma-512"},
    {"node_for_root_only", Verdict::kProblem, "npu.permissions", "/dev/h1x-0: crw------- root root",
     "/etc/udev/rules.d"},
    {"packages_of_the_hailo8", Verdict::kProblem, "npu.packages", "hailo-all 5.1.1",
     "sudo apt install dkms hailo-h10-all"},
    {"port_taken_by_ollama", Verdict::kProblem, "service.ports",
     "ollama.service (process 700) listens on port 11434",
     "sudo systemctl disable --now ollama.service"},
    {"setting_that_is_none", Verdict::kProblem, "service.settings", "did you mean 'keep_alive'",
     "sudoedit"},
    {"supply_too_weak", Verdict::kProblem, "machine.power", "under-voltage", "27 W"},
    {"two_runtimes", Verdict::kProblem, "npu.packages", "h10-hailort 5.1.1 and hailort 5.2.0",
     "sudo apt purge"},
    {"unit_hides_devices", Verdict::kProblem, "npu.sandbox", "PrivateDevices=yes",
     "PrivateDevices=no"},
    {"worker_opens_the_chip", Verdict::kWarning, "npu.holder", "python3 (process 901), a worker",
     "/proc/901/cmdline"},
    {"chip_in_use_by_the_service", Verdict::kNote, "npu.identify", "(74)", ""},
    {"chip_that_came_back", Verdict::kNote, "service.environment", "HOME is", ""},
    {"pc_without_a_chip", Verdict::kNote, "npu.chip", "no Hailo on the PCI bus", ""},
    {"healthy_pi5", Verdict::kNote, "service.environment", "HOME is /var/lib/hailstone", ""},
    {"worker_locks_the_chip", Verdict::kWarning, "service.workers",
     "eye seems to open the chip without the group SHARED", "params.group_id"},
};

Findings examine_copy(const std::string& name) {
  const auto box = recorded_box(fs::path(HAILSTONE_BOXES) / name);
  Asked asked;
  asked.program = "/usr/bin/hailstone";
  return examine(examine_box(box, std::move(asked)));
}

std::vector<std::string> bad_checks(const Findings& findings) {
  std::vector<std::string> bad;
  for (const auto& one : findings) {
    if (one.verdict >= Verdict::kWarning) bad.push_back(one.check + ": " + one.found);
  }
  return bad;
}

class Copies : public testing::TestWithParam<Expected> {};

TEST_P(Copies, TellTheCauseFirst) {
  const auto& expected = GetParam();
  const auto findings = examine_copy(expected.box);
  ASSERT_THAT(findings, Not(IsEmpty()));
  const auto& first = findings.front();
  EXPECT_EQ(first.check, expected.check) << first.found;
  EXPECT_EQ(first.verdict, expected.verdict);
  EXPECT_THAT(first.found, HasSubstr(expected.found));
  EXPECT_THAT(join(first.fix, "\n"), HasSubstr(expected.fix));
}

TEST_P(Copies, SayWhatEachBadFindingMeansAndHowItIsRepaired) {
  for (const auto& one : examine_copy(GetParam().box)) {
    if (one.verdict < Verdict::kWarning) continue;
    EXPECT_FALSE(one.means.empty()) << one.check;
    EXPECT_FALSE(one.fix.empty()) << one.check;
  }
}

INSTANTIATE_TEST_SUITE_P(Boxes, Copies, testing::ValuesIn(kBoxes),
                         [](const auto& one) { return std::string(one.param.box); });

TEST(Doctor, KnowsEachCopyThatIsThere) {
  std::vector<std::string> known;
  for (const auto& one : kBoxes) known.emplace_back(one.box);
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(HAILSTONE_BOXES)) {
    const auto name = entry.path().filename().string();
    EXPECT_THAT(known, testing::Contains(name));
    ++count;
  }
  EXPECT_EQ(count, known.size());
}

TEST(Doctor, FindsNothingBadOnMachinesThatAreWell) {
  for (const char* box :
       {"healthy_pi5", "pc_without_a_chip", "chip_in_use_by_the_service", "chip_that_came_back"}) {
    EXPECT_THAT(bad_checks(examine_copy(box)), IsEmpty()) << box;
  }
}

/// As a container without /proc, or a copy that somebody began.
TEST(Doctor, CallsNothingBrokenWhereItSeesNothing) {
  const auto folder = fs::temp_directory_path() / ("hailstone-bare-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto box = recorded_box(folder);
  const auto findings = examine(examine_box(box, {}));
  for (const auto& one : findings) {
    const bool is_settings = one.check == "service.settings";  // neither HOME nor a state folder
    EXPECT_TRUE(one.verdict < Verdict::kWarning || is_settings) << one.check << ": " << one.found;
  }
  EXPECT_GE(findings.size(), checks().size());
  fs::remove_all(folder);
}

TEST(Doctor, NeverTellsASecretOfTheServicesEnvironment) {
  for (const auto& one : examine_copy("healthy_pi5")) {
    EXPECT_THAT(one.found + one.means + join(one.fix, "\n"), Not(HasSubstr("secret-of-the-house")));
  }
}

TEST(Doctor, AsksTheServiceWhereItsOwnSettingsSay) {
  const auto box = recorded_box(fs::path(HAILSTONE_BOXES) / "healthy_pi5");
  Asked asked;
  Endpoint asked_at;
  asked.ask = [&](const Endpoint& endpoint) {
    asked_at = endpoint;
    return Answer{true, {"engine hailo: no device"}, "1.0", {"whisper: no library"}};
  };
  const auto findings = examine(examine_box(box, std::move(asked)));
  EXPECT_EQ(asked_at, (Endpoint{"127.0.0.1", 11434}));
  ASSERT_THAT(findings, Not(IsEmpty()));
  EXPECT_EQ(findings.front().check, "service.health");
  EXPECT_THAT(findings.front().found, HasSubstr("engine hailo: no device"));
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [](const Finding& one) {
    return one.verdict == Verdict::kNote && one.found == "engine whisper: no library";
  }));
}

TEST(Doctor, CallsAServiceThatRunsAndDoesNotAnswerAProblem) {
  const auto box = recorded_box(fs::path(HAILSTONE_BOXES) / "healthy_pi5");
  Asked asked;
  asked.ask = [](const Endpoint&) { return Answer{}; };
  const auto findings = examine(examine_box(box, std::move(asked)));
  EXPECT_EQ(findings.front().check, "service.health");
  EXPECT_EQ(findings.front().verdict, Verdict::kProblem);
}

ChipSummary summarise(const char* name) {
  return summarise_chip(recorded_box(fs::path(HAILSTONE_BOXES) / name));
}

TEST(ChipSummary, SaysWhatThereIsAndWhatKeepsItAway) {
  const auto well = summarise("healthy_pi5");
  EXPECT_EQ(well.chip, "Hailo-10H");
  EXPECT_EQ(well.node, "/dev/hailo0");
  EXPECT_EQ(well.driver, "5.1.1");
  EXPECT_EQ(well.library, "5.1.1");
  EXPECT_EQ(well.trouble, "");
  EXPECT_FALSE(summarise("pc_without_a_chip").is_present);
  EXPECT_THAT(summarise("kernel_upgraded_without_dkms").trouble, HasSubstr("built for kernel"));
}

TEST(ChipSummary, IsReadAgainOnceItIsOld) {
  const auto folder = fs::temp_directory_path() / ("hailstone-chip-" + std::to_string(getpid()));
  const auto device = folder / "sys/bus/pci/devices/0001:01:00.0";
  fs::create_directories(device);
  ManualClock clock;
  const ChipWatch watch(recorded_box(folder), clock);
  EXPECT_FALSE(watch.summary().is_present);
  std::ofstream(device / "vendor") << "0x1e60\n";
  std::ofstream(device / "device") << "0x45c4\n";
  EXPECT_FALSE(watch.summary().is_present);
  clock.advance(std::chrono::seconds(31));
  EXPECT_TRUE(watch.summary().is_present);
  fs::remove_all(folder);
}

TEST(Doctor, LooksAtThisMachineWithoutThrowing) {
  const auto box = live_box();
  const auto findings = examine(examine_box(box, {}));
  EXPECT_GE(findings.size(), checks().size());
}

TEST(Doctor, TellsOfEachCheckInTheManual) {
  std::ifstream file(HAILSTONE_MANUAL);
  std::stringstream manual;
  manual << file.rdbuf();
  for (const auto& check : checks()) {
    EXPECT_THAT(manual.str(), HasSubstr("`" + std::string(check.id) + "`"));
  }
}

}  // namespace
}  // namespace hailstone::doctor
