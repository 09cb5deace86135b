// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/cage/system_calls.hpp"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace hailstone::os {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "which number has this processor in linux/audit.h?"
#endif

/// Other processes, the machine, and the kernel's own interfaces that have had most of its holes.
constexpr std::uint32_t kForbidden[] = {
#if !defined(__SANITIZE_ADDRESS__)  // which looks for leaks through it
    SYS_ptrace,
#endif
    // who leaves its session or group outlives whoever ends that
    SYS_setsid,
    SYS_setpgid,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_kcmp,
    SYS_pidfd_getfd,
    SYS_process_madvise,
    // files that are mounted elsewhere, or found without their names
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_name_to_handle_at,
    SYS_open_by_handle_at,
    SYS_fanotify_init,
    SYS_quotactl,
    SYS_acct,
    SYS_swapon,
    SYS_swapoff,
    // namespaces; clone() is looked at more closely
    SYS_unshare,
    SYS_setns,
    // io_uring does what this filter forbids
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    // the machine
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_reboot,
    SYS_syslog,
    SYS_vhangup,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
#if defined(__x86_64__)
    SYS_iopl,
    SYS_ioperm,
    SYS_uselib,
    SYS_modify_ldt,
#endif
};

constexpr std::uint32_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint32_t kSocketKind = 0xF;  // without SOCK_CLOEXEC and SOCK_NONBLOCK

/// The lower half, where numbers and flags are: both processors are little-endian.
constexpr std::uint32_t argument(std::size_t number) noexcept {
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
}

/// Writes the filter. The call's number stays loaded between rules.
class FilterWriter {
 public:
  void begin() {
    load(offsetof(seccomp_data, arch));
    refuse_unless(BPF_JEQ, kArchitecture, EPERM);  // 32-bit calls have other numbers
    load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    constexpr std::uint32_t kOfX32 = 0x40000000;
    refuse_if(BPF_JGE, kOfX32, ENOSYS);
#endif
  }
  void forbid(std::uint32_t call, int error) {
    refuse_if(BPF_JEQ, call, error);
  }

  /// rule: looks at arguments, and leaves whatever it likes loaded.
  template <typename Rule>
  void look_closer(std::uint32_t call, Rule&& rule) {
    const std::size_t jump = code_.size();
    code_.push_back({});
    rule();
    load(offsetof(seccomp_data, nr));
    const auto skipped = static_cast<std::uint8_t>(code_.size() - jump - 1);
    code_[jump] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, skipped);
  }

  void load(std::size_t offset) {
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  void mask(std::uint32_t bits) {
    code_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
  }
  void refuse_if(std::uint16_t test, std::uint32_t value, int error) {
    code_.push_back(jump(test, value, 0, 1));
    refuse(error);
  }
  void refuse_unless(std::uint16_t test, std::uint32_t value, int error) {
    code_.push_back(jump(test, value, 1, 0));
    refuse(error);
  }

  std::vector<sock_filter> end() {
    code_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return std::move(code_);
  }

 private:
  static sock_filter jump(std::uint16_t test, std::uint32_t value, std::uint8_t yes,
                          std::uint8_t no) {
    return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), value, yes, no);
  }
  void refuse(int error) {
    code_.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)));
  }

  std::vector<sock_filter> code_;
};

void forbid_sockets(FilterWriter& filter, Network network) {
  if (network == Network::kAny) return;
  filter.look_closer(SYS_socket, [&] {
    filter.load(argument(0));
    filter.refuse_unless(BPF_JEQ, AF_UNIX, EAFNOSUPPORT);
    if (network == Network::kLocal) return;
    // A datagram goes to any socket without being connected to it.
    filter.load(argument(1));
    filter.mask(kSocketKind);
    filter.refuse_unless(BPF_JEQ, SOCK_STREAM, EPROTONOSUPPORT);
  });
  if (network == Network::kNone) filter.forbid(SYS_connect, EACCES);
}

}  // namespace

bool has_call_filters() noexcept {
  static const bool answer = [] {
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    return ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
  }();
  return answer;
}

std::vector<sock_filter> call_filter(Network network) {
  FilterWriter filter;
  filter.begin();
  for (const std::uint32_t call : kForbidden) filter.forbid(call, EPERM);
  // Its flags are in memory, which a filter cannot read; libraries fall back on clone().
  filter.forbid(SYS_clone3, ENOSYS);
  filter.look_closer(SYS_clone, [&] {
    filter.load(argument(0));
    filter.refuse_if(BPF_JSET, kNewNamespaces, EPERM);
  });
  filter.look_closer(SYS_prlimit64, [&] {  // of this process alone
    filter.load(argument(0));
    filter.refuse_unless(BPF_JEQ, 0, EPERM);
  });
  forbid_sockets(filter, network);
  return filter.end();
}

int restrict_calls(const std::vector<sock_filter>& filter) noexcept {
  if (!has_call_filters()) return 0;
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  // Older kernels slow a process with a filter down, which is meant for those that run code of
  // strangers beside their own.
  const long done =
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
  return done == 0 ? 0 : errno;
}

}  // namespace hailstone::os
