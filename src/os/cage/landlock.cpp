// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/cage/landlock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace hailstone::os {
namespace {

// linux/landlock.h
enum Right : std::uint64_t {
  kExecute = 1U << 0,
  kWriteFile = 1U << 1,
  kReadFile = 1U << 2,
  kReadFolder = 1U << 3,
  kRemoveFolder = 1U << 4,
  kMakeSocket = 1U << 9,
  kMakeBlock = 1U << 11,
  kMakeCharacter = 1U << 6,
  kRefer = 1U << 13,
  kTruncate = 1U << 14,
  kControlDevice = 1U << 15
};
constexpr std::uint64_t kFirstVersion = (1U << 13) - 1;
constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kControlDevice;
constexpr std::uint64_t kTcp = 3;     // bind and connect
constexpr std::uint64_t kScopes = 3;  // abstract unix sockets, signals

struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scopes;
};

struct __attribute__((packed)) PathBeneath {
  std::uint64_t allowed;
  std::int32_t parent;
};

long create_ruleset(const Ruleset* ruleset, std::size_t size, unsigned flags) noexcept {
  return ::syscall(SYS_landlock_create_ruleset, ruleset, size, flags);
}

std::uint64_t file_rights(int version) noexcept {
  std::uint64_t rights = kFirstVersion;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kControlDevice;
  return rights;
}

std::uint64_t rights_of(Access access) noexcept {
  switch (access) {
    case Access::kRead:
      return kExecute | kReadFile | kReadFolder;
    case Access::kDevice:
      return kReadFile | kWriteFile | kControlDevice;
    case Access::kWrite:
      break;
  }
  return ~std::uint64_t{kExecute | kMakeCharacter | kMakeBlock | kControlDevice};
}

int add_rule(int ruleset, const PathRule& rule, std::uint64_t known) noexcept {
  const int place = ::open(rule.path.c_str(), O_PATH | O_CLOEXEC);
  if (place < 0) return 0;  // what is not there cannot be read anyway
  struct stat info {};
  PathBeneath beneath{rights_of(rule.access) & known, place};
  if (::fstat(place, &info) == 0 && !S_ISDIR(info.st_mode)) beneath.allowed &= kOfFiles;
  constexpr int kPathBeneath = 1;
  const long added = ::syscall(SYS_landlock_add_rule, ruleset, kPathBeneath, &beneath, 0);
  const int error = added == 0 ? 0 : errno;
  ::close(place);
  return error;
}

void append(std::vector<PathRule>& rules, const std::vector<std::filesystem::path>& paths,
            Access access) {
  for (const auto& path : paths) {
    if (!path.empty()) rules.push_back({path.native(), access});
  }
}

}  // namespace

int landlock_version() noexcept {
  constexpr unsigned kAskVersion = 1;
  static const long version = create_ruleset(nullptr, 0, kAskVersion);
  return version > 0 ? static_cast<int>(version) : 0;
}

std::vector<PathRule> path_rules(const Cage& cage) {
  std::vector<PathRule> rules;
  // Not /etc as a whole: passwords and keys are there. /proc/self is the child's own, as it is the
  // child that looks it up.
  for (const char* path : {"/usr",           "/lib",
                           "/lib64",         "/bin",
                           "/sbin",          "/etc/ld.so.cache",
                           "/etc/localtime", "/etc/timezone",
                           "/proc/self",     "/proc/cpuinfo",
                           "/proc/meminfo",  "/proc/stat",
                           "/proc/loadavg",  "/proc/uptime",
                           "/proc/version",  "/proc/filesystems",
                           "/proc/sys",      "/sys/devices/system",
                           "/dev/random",    "/dev/urandom"}) {
    rules.push_back({path, Access::kRead});
  }
  for (const char* path : {"/dev/null", "/dev/zero", "/dev/full"}) {
    rules.push_back({path, Access::kDevice});
  }
  if (cage.network == Network::kAny) {  // names of hosts, and whom to trust
    for (const char* path : {"/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/gai.conf",
                             "/etc/nsswitch.conf", "/etc/services", "/etc/protocols", "/etc/ssl",
                             "/etc/ca-certificates", "/run/systemd/resolve"}) {
      rules.push_back({path, Access::kRead});
    }
  }
  append(rules, cage.read, Access::kRead);
  append(rules, cage.write, Access::kWrite);
  append(rules, cage.devices, Access::kDevice);
  return rules;
}

int restrict_paths(const std::vector<PathRule>& rules, Network network) noexcept {
  const int version = landlock_version();
  if (version == 0) return 0;
  constexpr int kKnowsNetwork = 4;
  constexpr int kKnowsScopes = 6;
  const Ruleset wanted{file_rights(version), network == Network::kAny ? 0 : kTcp, kScopes};
  std::size_t size = sizeof(wanted.files);
  if (version >= kKnowsNetwork) size += sizeof(wanted.network);
  if (version >= kKnowsScopes) size += sizeof(wanted.scopes);
  const int ruleset = static_cast<int>(create_ruleset(&wanted, size, 0));
  if (ruleset < 0) return errno;
  for (const PathRule& rule : rules) {
    if (const int error = add_rule(ruleset, rule, wanted.files); error != 0) return error;
  }
  if (::syscall(SYS_landlock_restrict_self, ruleset, 0) != 0) return errno;
  ::close(ruleset);
  return 0;
}

}  // namespace hailstone::os
