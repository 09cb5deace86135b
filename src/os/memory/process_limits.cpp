// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory/process_limits.hpp"

#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "os/process_memory.hpp"
#include "os/thread_name.hpp"

namespace hailstone::os {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kInterval{1};
/// Who has more files than this has too many to count them every second.
constexpr int kMostFiles = 50'000;
constexpr std::uint64_t kBlock = 512;

/// The session's number, of /proc/PID/stat; zero where the process has ended.
pid_t session_of(const fs::path& process) {
  std::ifstream file(process / "stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');  // names may have anything in them
  if (name_end == std::string::npos) return 0;
  char state = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  const int read =
      std::sscanf(line.c_str() + name_end + 1, " %c %d %d %d", &state, &parent, &group, &session);
  return read == 4 && state != 'Z' ? session : 0;
}

/// What is on the disk; nothing where there are too many files.
std::optional<ByteSize> size_of_folder(const fs::path& folder) {
  std::uint64_t bytes = 0;
  int files = 0;
  std::error_code error;  // files go while we look
  constexpr auto kSkip = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(folder, kSkip, error), end; !error && it != end;
       it.increment(error)) {
    struct stat info {};
    if (::lstat(it->path().c_str(), &info) == 0) {
      bytes += static_cast<std::uint64_t>(info.st_blocks) * kBlock;
    }
    if (++files > kMostFiles) return std::nullopt;
  }
  return ByteSize::bytes(bytes);
}

std::string allowed(const std::string& taken, const std::string& most) {
  return "took " + taken + ", " + most + " is allowed";
}

}  // namespace

int count_session(pid_t leader) {
  int count = 0;
  std::error_code error;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().native();
    if (name.front() < '0' || name.front() > '9') continue;
    if (session_of(it->path()) == leader) ++count;
  }
  return count;
}

std::optional<std::string> find_excess(pid_t leader, const ProcessLimits& limits) {
  if (limits.memory) {
    const auto memory = find_process_memory(leader);
    if (memory && memory->pss > *limits.memory) {
      return allowed(to_string(memory->pss) + " of memory", to_string(*limits.memory));
    }
  }
  if (limits.processes > 0) {
    const int count = count_session(leader);
    if (count > limits.processes) {
      return allowed(std::to_string(count) + " processes", std::to_string(limits.processes));
    }
  }
  if (limits.folder.empty()) return std::nullopt;
  const auto size = size_of_folder(limits.folder);
  if (size && *size <= limits.folder_bytes) return std::nullopt;
  return allowed(size ? to_string(*size) + " of the disk" : "too many files",
                 to_string(limits.folder_bytes));
}

LimitWatch::LimitWatch(pid_t leader, ProcessLimits limits,
                       std::function<void(std::string)> on_excess)
    : leader_(leader),
      limits_(std::move(limits)),
      on_excess_(std::move(on_excess)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void LimitWatch::watch(const std::stop_token& stop) {
  set_thread_name("limit-watch");
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    lock.unlock();
    auto excess = find_excess(leader_, limits_);
    if (excess) return on_excess_(*std::move(excess));
    lock.lock();
    stopped_.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace hailstone::os
