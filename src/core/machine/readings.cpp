// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/machine/readings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "base/strings.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

/// Zones without a sensor behind them report zero Kelvin and the like.
constexpr Celsius kLeast{-40};
constexpr Celsius kMost{150};

std::optional<std::string> read_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;  // a zone that is switched off: EAGAIN
  return std::string(trim(line));
}

std::optional<Celsius> read_millidegrees(const fs::path& path) {
  const auto text = read_line(path);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto result = std::from_chars(text->data(), text->data() + text->size(), value);
  if (result.ec != std::errc{} || result.ptr != text->data() + text->size()) return std::nullopt;
  const Celsius temperature{static_cast<double>(value) / 1000};
  if (temperature < kLeast || temperature > kMost) return std::nullopt;
  return temperature;
}

bool is_of_a_board(const std::string& type) {
  return to_lower(type).find("therm") != std::string::npos;
}

std::vector<fs::path> list_zones(const fs::path& root) {
  std::vector<fs::path> zones;
  std::error_code error;
  for (fs::directory_iterator it(root / "sys/class/thermal", error), end; it != end && !error;
       it.increment(error)) {
    if (it->path().filename().native().starts_with("thermal_zone")) zones.push_back(it->path());
  }
  std::sort(zones.begin(), zones.end());
  return zones;
}

}  // namespace

std::vector<Thermometer> read_thermal_zones(const fs::path& root) {
  std::vector<Thermometer> found;
  for (const auto& zone : list_zones(root)) {
    const auto temperature = read_millidegrees(zone / "temp");
    if (!temperature) continue;
    auto name = read_line(zone / "type").value_or(zone.filename());
    const bool counts = is_of_a_board(name);
    const bool is_taken = std::any_of(found.begin(), found.end(),
                                      [&](const auto& other) { return other.name == name; });
    if (is_taken) name += " (" + zone.filename().native() + ")";
    found.push_back({std::move(name), *temperature, counts});
  }
  return found;
}

std::optional<CpuTimes> parse_cpu_times(std::string_view stat) {
  // cpu user nice system idle iowait irq softirq steal guest guest_nice; guests count as users.
  constexpr std::size_t kFields = 8;
  constexpr std::size_t kIdle = 3;
  constexpr std::size_t kIoWait = 4;
  if (!stat.starts_with("cpu ")) return std::nullopt;
  const auto line = stat.substr(0, stat.find('\n'));
  CpuTimes times;
  std::size_t field = 0;
  for (const auto& word : split(line.substr(4), ' ')) {
    if (word.empty()) continue;
    std::uint64_t ticks = 0;
    const auto result = std::from_chars(word.data(), word.data() + word.size(), ticks);
    if (result.ec != std::errc{}) return std::nullopt;
    times.total += ticks;
    if (field != kIdle && field != kIoWait) times.busy += ticks;
    if (++field == kFields) break;
  }
  if (field <= kIdle) return std::nullopt;
  return times;
}

std::optional<CpuTimes> read_cpu_times(const fs::path& root) {
  std::ifstream file(root / "proc/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return parse_cpu_times(line);
}

std::optional<double> load_between(const CpuTimes& before, const CpuTimes& after) noexcept {
  if (after.total <= before.total) return std::nullopt;
  // The kernel may take back some of the idle time that it has told before.
  const auto busy = after.busy > before.busy ? after.busy - before.busy : 0;
  const auto load = static_cast<double>(busy) / static_cast<double>(after.total - before.total);
  return std::min(load, 1.0);
}

}  // namespace hailstone::core
