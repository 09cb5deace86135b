// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// A child that tries everything that a cage forbids, and says line by line how it went: "what
// EACCES", or "what done". As tests start it without a cage too, what it tries must do no harm to
// the machine where it is allowed: it mounts on a folder that is not there, ... Arguments: its own
// model file, "=" and one that is not its own, "=" and its run folder.

#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace {

void report(const std::string& what, long result) {
  std::cout << what << ' ' << (result >= 0 ? "done" : ::strerrorname_np(errno)) << std::endl;
}

void try_files(const std::string& own, const std::string& other, const std::string& folder) {
  report("read-own", ::open(own.c_str(), O_RDONLY));
  report("write-own", ::open(own.c_str(), O_WRONLY));
  report("read-other", ::open(other.c_str(), O_RDONLY));
  report("read-passwords", ::open("/etc/passwd", O_RDONLY));
  report("read-libraries", ::open("/usr/lib/os-release", O_RDONLY));
  report("list-root", ::open("/", O_RDONLY | O_DIRECTORY));
  const std::string program = folder + "/program";
  report("make-file", ::open(program.c_str(), O_WRONLY | O_CREAT, 0700));
  report("execute-what-it-made", ::execl(program.c_str(), "program", nullptr));
  report("remove-file", ::unlink(program.c_str()));
  report("make-elsewhere", ::open((own + ".new").c_str(), O_WRONLY | O_CREAT, 0600));
  report("remove-own", ::unlink(own.c_str()));
  report("discard", ::open("/dev/null", O_WRONLY));
}

void try_processes() {
  const std::string parent = "/proc/" + std::to_string(::getppid());
  report("read-parents-environment", ::open((parent + "/environ").c_str(), O_RDONLY));
  report("read-own-memory-map", ::open("/proc/self/maps", O_RDONLY));
  report("signal-parent", ::kill(::getppid(), 0));
  report("trace", ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
  rlimit limit{};
  report("parents-limits", ::prlimit(::getppid(), RLIMIT_NOFILE, nullptr, &limit));
  report("own-limits", ::prlimit(0, RLIMIT_NOFILE, nullptr, &limit));
  long count = -1;
  std::thread([&count] { count = 1; }).join();
  report("thread", count);
}

void try_kernel() {
  char attributes[128] = {};
  report("mount", ::mount("none", "/proc/nowhere", "tmpfs", 0, nullptr));
  report("namespace", ::unshare(CLONE_NEWUSER));
  const long cloned = ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (cloned == 0) ::_exit(0);
  report("namespace-by-clone", cloned);
  report("bpf", ::syscall(SYS_bpf, 0, attributes, sizeof(attributes)));
  report("keys", ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, -3, 0));
  report("performance", ::syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0));
  report("uring", ::syscall(SYS_io_uring_setup, 1, attributes));
}

int unix_socket(const std::string& path, int type, bool is_server) {
  const int fd = ::socket(AF_UNIX, type, 0);
  if (fd < 0) return fd;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address);
  return is_server ? ::bind(fd, raw, sizeof(address)) : ::connect(fd, raw, sizeof(address));
}

void try_network(const std::string& folder) {
  report("internet", ::socket(AF_INET, SOCK_STREAM, 0));
  report("internet6", ::socket(AF_INET6, SOCK_DGRAM, 0));
  report("netlink", ::socket(AF_NETLINK, SOCK_RAW, 0));
  report("listen-unix", unix_socket(folder + "/socket", SOCK_STREAM, true));
  report("connect-unix", unix_socket(folder + "/socket", SOCK_STREAM, false));
  report("datagram", ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  int pair[2];
  report("socket-pair", ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

void try_memory() {
  constexpr std::size_t kMuch = std::size_t{512} << 20;
  void* const memory =
      ::mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  report("much-memory", memory == MAP_FAILED ? -1 : 1);
}

void tell_status() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    for (const char* name : {"NoNewPrivs:", "Seccomp:", "CapEff:", "CapBnd:"}) {
      if (line.rfind(name, 0) == 0)
        std::cout << name << ' ' << line.substr(line.find('\t') + 1) << std::endl;
    }
  }
  std::string score;
  std::ifstream("/proc/self/oom_score_adj") >> score;
  std::cout << "oom " << score << std::endl;
  rlimit limit{};
  ::getrlimit(RLIMIT_CORE, &limit);
  std::cout << "core " << limit.rlim_max << std::endl;
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 1) return 0;  // how long a start takes
  if (count != 4) return 2;
  const std::string other = arguments[2] + 1;  // "=/its/path"
  const std::string folder = arguments[3] + 1;
  try_files(arguments[1], other, folder);
  try_processes();
  try_kernel();
  try_network(folder);
  try_memory();
  tell_status();
  return 0;
}
