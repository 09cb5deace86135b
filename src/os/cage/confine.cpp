// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/cage/confine.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace hailstone::os {
namespace {

/// Lower than what is there already, never higher.
int set_limit(__rlimit_resource resource, rlim_t most) noexcept {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return errno;
  limit.rlim_max = std::min(limit.rlim_max, most);
  limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
  return ::setrlimit(resource, &limit) == 0 ? 0 : errno;
}

/// When memory runs short, an engine goes and not the daemon. Not allowed everywhere: no error.
void volunteer_for_the_oom_killer() noexcept {
  constexpr std::string_view kScore = "600";
  const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const auto written = ::write(file, kScore.data(), kScore.size());
  ::close(file);
}

/// Of root's powers one stays: to read the models of other users, as the daemon does.
int drop_privileges() noexcept {
  constexpr unsigned kKept = CAP_DAC_READ_SEARCH;
  for (unsigned power = 0; ::prctl(PR_CAPBSET_READ, power) >= 0; ++power) {
    if (power != kKept) ::prctl(PR_CAPBSET_DROP, power);  // who may not do that has none to lose
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct powers[_LINUX_CAPABILITY_U32S_3] = {};
  if (::syscall(SYS_capget, &header, powers) != 0) return errno;
  for (auto& half : powers) half.inheritable = 0;
  powers[0].effective &= 1U << kKept;
  powers[0].permitted &= 1U << kKept;
  powers[1].effective = powers[1].permitted = 0;
  return ::syscall(SYS_capset, &header, powers) == 0 ? 0 : errno;
}

}  // namespace

Confinement::Confinement(const Cage& cage)
    : cage_(cage), rules_(path_rules(cage)), filter_(call_filter(cage.network)) {
  landlock_version();  // asked here once, so that the child need not
  has_call_filters();
}

int Confinement::set_limits() const noexcept {
  // 1: with 0 the kernel would still hand a dump to a program that collects them.
  if (const int error = set_limit(RLIMIT_CORE, 1); error != 0) return error;
  if (const int error = set_limit(RLIMIT_NOFILE, cage_.descriptors); error != 0) return error;
  if (const int error = set_limit(RLIMIT_NPROC, cage_.processes); error != 0) return error;
  if (cage_.file_size) {
    if (const int error = set_limit(RLIMIT_FSIZE, cage_.file_size->count()); error != 0) {
      return error;
    }
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // theirs is without bounds
  if (cage_.memory) return set_limit(RLIMIT_DATA, cage_.memory->count());
#endif
  return 0;
}

int Confinement::enter() const noexcept {
  volunteer_for_the_oom_killer();
  if (const int error = set_limits(); error != 0) return error;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  if (const int error = drop_privileges(); error != 0) return error;
  if (const int error = restrict_paths(rules_, cage_.network); error != 0) return error;
  return restrict_calls(filter_);
}

const std::vector<std::string>& missing_protections() {
  static const std::vector<std::string> missing = [] {
    constexpr int kKnowsSignals = 6;
    std::vector<std::string> lacks;
    if (landlock_version() == 0) {
      lacks.emplace_back(
          "no Landlock (Linux 5.13, with landlock among the kernel's lsm): engines can read every "
          "file that this user can read");
    } else if (landlock_version() < kKnowsSignals) {
      lacks.emplace_back(
          "a Landlock without scopes (Linux 6.12 has them): engines can send signals to other "
          "processes of this user");
    }
    if (!has_call_filters()) {
      lacks.emplace_back(
          "no seccomp filters (CONFIG_SECCOMP_FILTER): engines can make every system call");
    }
    return lacks;
  }();
  return missing;
}

}  // namespace hailstone::os
