// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/groups/control_group.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "os/system_error.hpp"

namespace hailstone::os {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMembers = "cgroup.procs";
/// What has been killed is gone within that, or stays behind: the service manager removes it.
constexpr std::chrono::seconds kEnd{2};

bool write_file(const fs::path& file, const std::string& text) noexcept {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::optional<std::uint64_t> read_number(const fs::path& file) {
  std::ifstream stream(file);
  std::uint64_t number = 0;
  if (stream >> number) return number;
  return std::nullopt;
}

/// "populated 1" in cgroup.events.
bool is_populated(const fs::path& folder) {
  std::ifstream stream(folder / "cgroup.events");
  std::string key;
  int value = 0;
  while (stream >> key >> value) {
    if (key == "populated") return value != 0;
  }
  return false;
}

void wait_until_empty(const fs::path& folder) {
  const UniqueFd events(::open((folder / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  const auto end = system_clock().now() + kEnd;
  while (is_populated(folder) && system_clock().now() < end) {
    constexpr int kLookAgain = 100;  // ms; a change between the look and the wait is not told
    pollfd change{events.get(), POLLPRI, 0};
    ::poll(&change, 1, kLookAgain);
  }
}

/// Our group in the unified tree, as a folder: "0::/system.slice/hailstone.service".
std::optional<fs::path> find_own_group(const fs::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("0::/")) continue;
    const fs::path below = fs::path(line.substr(3)).relative_path();
    for (const char* mount : {"sys/fs/cgroup", "sys/fs/cgroup/unified"}) {
      const fs::path folder = root / mount / below;
      std::error_code ignored;
      if (fs::exists(folder / kMembers, ignored)) return folder.lexically_normal();
    }
  }
  return std::nullopt;
}

/// systemd marks what it has given away; root could write anywhere, so that alone tells nothing.
bool is_delegated(const fs::path& group) {
  for (const char* mark : {"user.delegate", "trusted.delegate"}) {
    std::array<char, 2> value{};
    if (::getxattr(group.c_str(), mark, value.data(), value.size()) == 1 && value[0] == '1') {
      return true;
    }
  }
  return false;
}

}  // namespace

ControlGroup::ControlGroup(fs::path folder) : folder_(std::move(folder)) {
  if (::mkdir(folder_.c_str(), 0755) != 0 && errno != EEXIST) {
    throw system_error("cannot make " + folder_.native(), errno, ErrorCode::kEngineFailed);
  }
  entrance_.reset(::open((folder_ / kMembers).c_str(), O_WRONLY | O_CLOEXEC));
  if (!entrance_) {
    const int reason = errno;
    ::rmdir(folder_.c_str());
    throw system_error("cannot use " + folder_.native(), reason, ErrorCode::kEngineFailed);
  }
  write("memory.oom.group", "1");
}

ControlGroup::~ControlGroup() {
  entrance_.reset();
  kill();
  wait_until_empty(folder_);
  ::rmdir(folder_.c_str());
}

bool ControlGroup::write(const char* file, const std::string& text) const noexcept {
  return write_file(folder_ / file, text);
}

bool ControlGroup::limit_memory(ByteSize most) const noexcept {
  return write("memory.max", std::to_string(most.count()));
}

std::optional<ByteSize> ControlGroup::memory() const {
  const auto all = read_number(folder_ / "memory.current");
  if (!all) return std::nullopt;
  std::ifstream stream(folder_ / "memory.stat");
  std::string key;
  std::uint64_t value = 0;
  std::uint64_t idle = 0;
  while (stream >> key >> value) {
    if (key == "inactive_file") idle = value;
  }
  return ByteSize::bytes(*all) - ByteSize::bytes(idle);
}

bool ControlGroup::kill() const noexcept {
  return write("cgroup.kill", "1");
}

std::unique_ptr<ControlGroups> ControlGroups::find(const fs::path& root) {
  const auto own = find_own_group(root);
  if (!own || !is_delegated(*own)) return nullptr;
  try {
    return std::make_unique<ControlGroups>(*own);
  } catch (const Error&) {  // it is ours, but cannot be written (ProtectControlGroups=yes)
    return nullptr;
  }
}

ControlGroups::ControlGroups(fs::path own) : own_(std::move(own)) {
  const fs::path ours = own_ / "daemon";
  if (::mkdir(ours.c_str(), 0755) != 0 && errno != EEXIST) {
    throw system_error("cannot make " + ours.native(), errno, ErrorCode::kEngineFailed);
  }
  if (!write_file(ours / kMembers, std::to_string(::getpid()))) {
    throw system_error("cannot enter " + ours.native(), errno, ErrorCode::kEngineFailed);
  }
  // One by one: what was not given to us is refused, and what was still works.
  for (const char* controller : {"+memory", "+pids", "+cpu"}) {
    write_file(own_ / "cgroup.subtree_control", controller);
  }
}

std::unique_ptr<ControlGroup> ControlGroups::make(const std::string& name) {
  try {
    return std::make_unique<ControlGroup>(own_ / ("host-" + name + "-" + std::to_string(++made_)));
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace hailstone::os
