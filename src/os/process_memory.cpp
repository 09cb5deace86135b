// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/process_memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

/// The "Name:   123 kB" lines of /proc files.
std::optional<ByteSize> find_kib(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind(name + ":", 0) != 0) continue;
    return ByteSize::kib(std::strtoull(line.c_str() + name.size() + 1, nullptr, 10));
  }
  return std::nullopt;
}

std::optional<ByteSize> find_rss(const std::string& process) {
  std::ifstream file(process + "/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  if (!(file >> pages >> resident)) return std::nullopt;
  return ByteSize::bytes(resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
}

}  // namespace

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code ignored;  // the process may end while we look
  for (const auto& task :
       fs::directory_iterator("/proc/" + std::to_string(pid) + "/task", ignored)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

std::optional<ProcessMemory> find_process_memory(pid_t pid) {
  const std::string process = "/proc/" + std::to_string(pid);
  const auto rss = find_rss(process);
  if (!rss) return std::nullopt;
  ProcessMemory sum{*rss, find_kib(process + "/smaps_rollup", "Pss").value_or(*rss)};
  for (const pid_t child : children_of(pid)) {
    if (const auto memory = find_process_memory(child)) {
      sum.rss += memory->rss;
      sum.pss += memory->pss;
    }
  }
  return sum;
}

ByteSize own_rss() {
  return find_rss("/proc/self").value_or(ByteSize());
}

void keep_freed_memory(ByteSize largest, ByteSize at_the_end) noexcept {
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(largest.count()));
  ::mallopt(M_TRIM_THRESHOLD, static_cast<int>(at_the_end.count()));
  ::mallopt(M_ARENA_MAX, 1);
}

MachineMemory read_machine_memory(const fs::path& root) {
  const std::string file = root / "proc/meminfo";
  const auto total = find_kib(file, "MemTotal");
  const auto available = find_kib(file, "MemAvailable");
  if (!total || !available) throw Error(ErrorCode::kInternal, "cannot read /proc/meminfo");
  return {*total, *available};
}

}  // namespace hailstone::os
