// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/process_activity.hpp"

#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include "os/process_memory.hpp"

namespace hailstone::os {
namespace {

std::optional<std::chrono::nanoseconds> find_cpu_time(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
    return std::nullopt;
  }
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Zero where it cannot be read.
std::uint64_t major_faults_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto end_of_name = text.rfind(')');  // the name may hold anything
  if (end_of_name == std::string::npos) return 0;
  constexpr int kBefore = 9;  // the name is field 2, then state to cminflt; majflt is field 12
  std::size_t at = end_of_name + 1;
  for (int field = 0; field < kBefore && at != std::string::npos; ++field) {
    at = text.find(' ', at + 1);
  }
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at, nullptr, 10);
}

}  // namespace

std::optional<ProcessActivity> find_process_activity(pid_t pid) {
  const auto cpu_time = find_cpu_time(pid);
  if (!cpu_time) return std::nullopt;
  ProcessActivity sum{*cpu_time, major_faults_of(pid)};
  for (const pid_t child : children_of(pid)) {
    if (const auto activity = find_process_activity(child)) {
      sum.cpu_time += activity->cpu_time;
      sum.major_faults += activity->major_faults;
    }
  }
  return sum;
}

}  // namespace hailstone::os
