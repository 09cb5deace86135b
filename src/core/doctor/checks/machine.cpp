// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The machine itself.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/byte_size.hpp"
#include "base/strings.hpp"
#include "core/config/store_roots.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/meminfo.hpp"
#include "core/doctor/checks/model_files.hpp"
#include "core/machine/readings.hpp"
#include "core/machine/throttling.hpp"

namespace hailstone::doctor {
namespace {

std::string os_release(const Box& box, const std::string& name) {
  for (const auto& line : split(box.text("/etc/os-release").value_or(""), '\n')) {
    if (!line.starts_with(name + "=")) continue;
    std::string value = line.substr(name.size() + 1);
    value.erase(std::remove(value.begin(), value.end(), '"'), value.end());
    return value;
  }
  return {};
}

std::string board_of(const Box& box) {
  auto board = box.line("/proc/device-tree/model");
  board.erase(std::remove(board.begin(), board.end(), '\0'), board.end());
  return board;
}

/// The file system that a path is on: the mount with the longest path before it.
struct Mount {
  std::string path;
  std::string options;
};

Mount mount_of(const Box& box, const std::string& path) {
  Mount best;
  for (const auto& line : split(box.text("/proc/mounts").value_or(""), '\n')) {
    std::istringstream words(line);
    std::string device, target, type, options;
    words >> device >> target >> type >> options;
    const bool is_before = target == "/" || path == target || path.starts_with(target + "/");
    if (words && is_before && target.size() >= best.path.size()) best = {target, options};
  }
  return best;
}

/// The nearest folder above that is there.
std::string existing(const Box& box, std::filesystem::path path) {
  while (path.has_relative_path() && !box.has(path.native())) path = path.parent_path();
  return path.string();
}

/// Of the second line of df -Pk: blocks, used, available.
std::optional<ByteSize> free_on(const Box& box, const std::string& path) {
  const auto output = box.run({"df", "-Pk", path});
  if (!output || output->status != 0) return std::nullopt;
  const auto lines = split(output->text, '\n');
  if (lines.size() < 2) return std::nullopt;
  std::istringstream words(lines[1]);
  std::string device;
  std::uint64_t blocks = 0;
  std::uint64_t used = 0;
  std::uint64_t available = 0;
  words >> device >> blocks >> used >> available;
  if (!words) return std::nullopt;
  return ByteSize::kib(available);
}

Finding judge_disk(const Box& box, const std::string& what, const std::filesystem::path& folder) {
  constexpr ByteSize kLittle = ByteSize::mib(200);
  constexpr ByteSize kFew = ByteSize::gib(2);
  const auto path = existing(box, folder);
  const auto mount = mount_of(box, path);
  const auto text = what + " (" + folder.string() + ")";
  const auto options = split(mount.options, ',');
  if (std::find(options.begin(), options.end(), "ro") != options.end()) {
    return problem(text + " is on " + mount.path + ", which is mounted read-only",
                   "nothing can be stored. A card that fails is mounted so by the kernel",
                   {"journalctl -k -b | grep -iE 'mmc|ext4|I/O error'",
                    "sudo mount -o remount,rw " + mount.path});
  }
  const auto free = free_on(box, path);
  if (!free) return skipped(text + ": df does not tell how much is free");
  const auto room = text + ": " + to_string(*free) + " free";
  const std::vector<std::string> fix = {"hailstone list   # and 'hailstone rm MODEL'",
                                        "sudo apt clean", "sudo journalctl --vacuum-size=200M"};
  if (*free < kLittle) {
    return problem(room, "jobs, people and downloads cannot be written", fix);
  }
  if (*free < kFew) return warning(room, "hardly one more model fits", fix);
  return ok(room);
}

std::optional<core::Throttling> read_power(const Box& box) {
  const auto output = box.run({"vcgencmd", "get_throttled"});
  if (!output || output->status != 0) return std::nullopt;
  return core::parse_throttling(output->text);
}

/// The roots that this kind of reader takes; a copy's are where it stands.
std::vector<core::Thermometer> thermometers(const Box& box) {
  const auto place = box.locate("/sys/class/thermal");
  if (!place) return {};
  return core::read_thermal_zones(place->parent_path().parent_path().parent_path());
}

}  // namespace

Findings check_system(const Examination& examination) {
  const Box& box = examination.box;
  const auto name = os_release(box, "PRETTY_NAME");
  const auto board = board_of(box);
  std::string text = name.empty() ? std::string("an unknown system") : name;
  if (!board.empty()) text += " on " + board;
  text += ", kernel " + box.line("/proc/sys/kernel/osrelease");
  if (box.has("/.dockerenv") || box.has("/run/.containerenv")) text += ", in a container";
  if (os_release(box, "ID") == "haos" || box.has("/etc/hassio.json")) {
    const bool has_chip = examination.npu.find_10h() != nullptr;
    Finding finding = problem(
        text, "Home Assistant OS has no driver for the Hailo-10H, and none can be added",
        {"# install Raspberry Pi OS (64 bit), then Hailstone; Home Assistant runs beside it "
         "in a container"});
    if (!has_chip) finding.verdict = Verdict::kNote;
    return {std::move(finding)};
  }
  return {ok(text)};
}

Findings check_power(const Examination& examination) {
  const auto power = read_power(examination.box);
  if (!power) return {skipped("no firmware that tells (vcgencmd)")};
  constexpr unsigned kUnderVoltage = 1U;
  const auto now = power->now();
  const auto before = power->since_start();
  if ((power->bits & kUnderVoltage) != 0) {
    return {problem("the supply's voltage is too low now: " + join(now, ", "),
                    "the processor is slowed down, and chip and disk may drop off",
                    {"# use the 27 W supply, without a hub that feeds back into the board",
                     "vcgencmd pmic_read_adc EXT5V_V"})};
  }
  if (!now.empty()) {
    return {warning(
        "now: " + join(now, ", "), "the processor is slowed down",
        {"# give the board a fan, and air between it and the one above", "vcgencmd measure_temp"})};
  }
  if (!before.empty()) {
    return {warning("since the start: " + join(before, ", "),
                    "it happened under load, and will again",
                    {"# under-voltage: the 27 W supply; else: a fan", "vcgencmd get_throttled"})};
  }
  return {ok("neither under-voltage nor throttling since the start")};
}

Findings check_disk(const Examination& examination) {
  const auto& settings = examination.settings;
  if (settings.home.empty()) return {skipped("the service's settings are not known")};
  Findings findings = {judge_disk(examination.box, "state", settings.home)};
  const auto& models = settings.models;
  if (!models.empty() && !models.front().string().starts_with(settings.home.string() + "/")) {
    findings.push_back(judge_disk(examination.box, "models", models.front()));
  }
  return findings;
}

Findings check_clock(const Examination& examination) {
  const Box& box = examination.box;
  if (box.has("/run/systemd/timesync/synchronized")) return {ok("set from the network")};
  const auto shown = box.run({"timedatectl", "show", "--property=NTPSynchronized"});
  if (!shown || shown->status != 0) return {skipped("timedatectl does not tell")};
  if (shown->text.find("yes") != std::string::npos) return {ok("set from the network")};
  return {warning("not set from the network",
                  "with a wrong clock certificates are not valid: models cannot be pulled, and "
                  "dates in answers are wrong",
                  {"sudo timedatectl set-ntp true", "timedatectl timesync-status"})};
}

Findings check_memory(const Examination& examination) {
  const auto total = find_meminfo(examination.box, "MemTotal");
  const auto available = find_meminfo(examination.box, "MemAvailable");
  if (!total || !available) return {skipped("the kernel does not tell")};
  const auto text = to_string(*available) + " of " + to_string(*total) + " available";
  const auto wanted = size_of_models(examination, examination.settings.preload);
  if (wanted.count() == 0) return {ok(text)};
  const auto all = text + ", the models to preload take " + to_string(wanted);
  // What a running service has loaded is in use already.
  const auto room = examination.service.pid ? *total - ByteSize::gib(1) : *available;
  if (wanted > room) {
    return {
        warning(all,
                "they do not fit at once: those that were loaded first are evicted, or the "
                "next are refused",
                {"hailstone catalog   # shows smaller ones", "hailstone config | grep preload"})};
  }
  return {ok(all)};
}

Findings check_swap(const Examination& examination) {
  const auto total = find_meminfo(examination.box, "SwapTotal");
  const auto free = find_meminfo(examination.box, "SwapFree");
  if (!total || !free) return {skipped("the kernel does not tell")};
  if (total->count() == 0) return {ok("none; models that do not fit are refused, as is right")};
  const auto used = *total - *free;
  const auto text = to_string(used) + " of " + to_string(*total) + " used";
  constexpr ByteSize kMuch = ByteSize::mib(512);
  if (used < kMuch) return {ok(text)};
  return {warning(text, "weights in swap answer ten times slower, and wear a card out",
                  {"hailstone ps   # and 'hailstone stop MODEL'", "# or a lower memory_limit"})};
}

Findings check_heat(const Examination& examination) {
  const core::Thermometer* hottest = nullptr;
  const auto all = thermometers(examination.box);
  for (const auto& one : all) {
    const bool is_hotter =
        hottest == nullptr || hottest->temperature.degrees < one.temperature.degrees;
    if (one.counts && is_hotter) hottest = &one;
  }
  if (hottest == nullptr) return {skipped("no thermometer of a board")};
  constexpr int kDefaultLimit = 75;
  const int set = examination.settings.heat_soft_limit;
  const double limit = set > 0 ? set : kDefaultLimit;
  const auto text = hottest->name + " has " + to_string(hottest->temperature);
  if (hottest->temperature.degrees < limit) return {ok(text)};
  return {warning(text, "batch work waits, and above the hard limit new work is refused",
                  {"# give the board a fan, and the HAT its heat sink", "hailstone status"})};
}

}  // namespace hailstone::doctor
