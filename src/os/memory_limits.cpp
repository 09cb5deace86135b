// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory_limits.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <vector>

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

/// A control group's folder, and the name of the file with its limit.
struct Group {
  fs::path mount;
  fs::path path;  ///< below the mount, as /proc tells it
  const char* limit_file;
};

/// The lines of /proc/self/cgroup: "0::/user.slice" (version 2), "4:cpu,memory:/x" (version 1).
std::vector<Group> groups_of_this_process(const fs::path& root) {
  std::vector<Group> groups;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const fs::path path = fs::path(line.substr(second + 1)).relative_path();
    if (controllers == ",,") {
      groups.push_back({root / "sys/fs/cgroup", path, "memory.max"});
    } else if (controllers.find(",memory,") != std::string::npos) {
      groups.push_back({root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes"});
    }
  }
  return groups;
}

/// The group and those above it. In a container the path may be that of the host, and only the
/// mount itself is there.
std::vector<fs::path> folders_of(const Group& group) {
  std::vector<fs::path> folders = {group.mount};
  fs::path folder = group.mount;
  for (const auto& part : group.path) folders.push_back(folder /= part);
  return folders;
}

std::optional<ByteSize> find_limit(const fs::path& file) {
  // Version 1 says "no limit" with the largest multiple of a page.
  constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 60;
  std::ifstream stream(file);
  std::uint64_t bytes = 0;
  if (!(stream >> bytes) || bytes >= kNoLimit) return std::nullopt;  // version 2 says "max"
  return ByteSize::bytes(bytes);
}

/// "some avg10=1.53 avg60=0.87 avg300=0.73 total=1234"
std::optional<double> find_some_avg10(const fs::path& file) {
  std::ifstream stream(file);
  std::string word;
  std::string average;
  constexpr std::string_view kKey = "avg10=";
  if (!(stream >> word >> average) || word != "some" || !average.starts_with(kKey)) {
    return std::nullopt;
  }
  double value = 0;
  const auto result =
      std::from_chars(average.data() + kKey.size(), average.data() + average.size(), value);
  if (result.ec != std::errc()) return std::nullopt;
  return value;
}

template <typename T>
void keep(std::optional<T>& best, const std::optional<T>& found,
          const T& (*better)(const T&, const T&)) {
  if (found) best = best ? better(*best, *found) : *found;
}

}  // namespace

std::optional<ByteSize> find_cgroup_memory_limit(const fs::path& root) {
  std::optional<ByteSize> tightest;
  for (const Group& group : groups_of_this_process(root)) {
    for (const fs::path& folder : folders_of(group)) {
      keep(tightest, find_limit(folder / group.limit_file), std::min<ByteSize>);
    }
  }
  return tightest;
}

std::optional<double> find_memory_pressure(const fs::path& root) {
  std::optional<double> worst = find_some_avg10(root / "proc/pressure/memory");
  for (const Group& group : groups_of_this_process(root)) {
    keep(worst, find_some_avg10(group.mount / group.path / "memory.pressure"), std::max<double>);
  }
  return worst;
}

}  // namespace hailstone::os
