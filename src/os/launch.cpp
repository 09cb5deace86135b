// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/launch.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "os/cage/confine.hpp"
#include "os/system_error.hpp"

namespace hailstone::os {
namespace {

constexpr std::size_t kMaxFds = 8;

enum class Stage : int { kDescriptors, kDirectory, kCage, kProgram };

struct Failure {
  Stage stage;
  int error_number;
};

/// All that the child needs between fork and exec, where nothing may be allocated.
struct Plan {
  char* const* argv;
  char* const* environment;
  const char* directory;  // null: stay
  std::array<int, kMaxFds> fds;
  int fd_count;
  int null;
  int out;
  int err;
  int report;
  pid_t parent;
  const Confinement* confinement;  // null: none
  int group;                       // -1: none
};

std::pair<UniqueFd, UniqueFd> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw start_error("cannot make a pipe", errno);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const auto& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void give_up(int report, Stage stage) noexcept {
  const Failure failure{stage, errno};
  [[maybe_unused]] const auto written = ::write(report, &failure, sizeof(failure));
  ::_exit(127);
}

/// Handlers are ours and mean nothing there; what we ignore (SIGPIPE) would stay ignored.
void reset_signals() noexcept {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// 0, 1, 2, then the given ones from 3 on, then the report, which exec closes. Returns where the
/// report is. Everything is first moved out of the way of the numbers that get a meaning.
int place_descriptors(const Plan& plan) noexcept {
  const int report_place = 3 + plan.fd_count;
  const int free_from = report_place + 1;
  const int report = ::fcntl(plan.report, F_DUPFD_CLOEXEC, free_from);
  std::array<int, 3 + kMaxFds> sources{plan.null, plan.out, plan.err};
  for (int i = 0; i < plan.fd_count; ++i) sources[3 + i] = plan.fds[i];
  for (int i = 0; i < report_place; ++i) {
    sources[i] = ::fcntl(sources[i], F_DUPFD, free_from);
    if (sources[i] < 0) give_up(report, Stage::kDescriptors);
  }
  for (int i = 0; i < report_place; ++i) {
    if (::dup2(sources[i], i) < 0) give_up(report, Stage::kDescriptors);
  }
  if (::dup3(report, report_place, O_CLOEXEC) < 0) give_up(report, Stage::kDescriptors);
  ::close_range(static_cast<unsigned>(free_from), ~0U, 0);
  return report_place;
}

[[noreturn]] void become_program(const Plan& plan) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);  // it died before the kernel knew
  ::setsid();
  reset_signals();
  if (plan.group >= 0) {
    [[maybe_unused]] const auto entered = ::write(plan.group, "0", 1);
  }
  const int report = place_descriptors(plan);
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) {
    give_up(report, Stage::kDirectory);
  }
  if (plan.confinement != nullptr) {
    errno = plan.confinement->enter();
    if (errno != 0) give_up(report, Stage::kCage);
  }
  ::execve(plan.argv[0], plan.argv, plan.environment);
  give_up(report, Stage::kProgram);
}

/// No handler of ours may run in the child, so signals wait while it is made.
pid_t fork_with_signals_blocked(const Plan& plan) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) become_program(plan);
  const int error_number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error_number;
  return pid;
}

void throw_if_failed(int report, const ChildOptions& options) {
  Failure failure{};
  ssize_t got = 0;
  do {
    got = ::read(report, &failure, sizeof(failure));
  } while (got < 0 && errno == EINTR);
  if (got == 0) return;  // closed by exec
  std::string what = "cannot start " + options.argv[0];
  if (failure.stage == Stage::kDirectory) {
    what += ": cannot enter " + options.working_directory.native();
  }
  if (failure.stage == Stage::kCage) what += ": cannot restrict what it may do";
  throw start_error(what, failure.error_number);
}

std::optional<Confinement> confinement_of(const ChildOptions& options) {
  if (!options.cage) return std::nullopt;
  Cage cage = *options.cage;
  for (const auto& argument : options.argv) {
    if (argument.starts_with('/')) cage.read.emplace_back(argument);
  }
  return std::optional<Confinement>(std::in_place, cage);
}

/// Until the launch is complete, a failure takes the child along.
struct ReapOnFailure {
  pid_t pid;
  ~ReapOnFailure() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
};

void check_options(const ChildOptions& options) {
  if (options.argv.empty()) throw Error(ErrorCode::kInternal, "a program without a name");
  if (options.fds.size() > kMaxFds) throw Error(ErrorCode::kInternal, "too many descriptors");
}

}  // namespace

Error start_error(const std::string& what, int error_number) {
  constexpr std::chrono::seconds kSomeEnd{5};
  const bool is_for_now = error_number == EAGAIN || error_number == ENOMEM ||
                          error_number == EMFILE || error_number == ENFILE;
  if (!is_for_now) return system_error(what, error_number, ErrorCode::kEngineFailed);
  Error busy(ErrorCode::kBusy, system_error(what, error_number).what(),
             "this machine gives the service no more processes, threads, memory or descriptors "
             "now (pids.max, RLIMIT_NPROC, RLIMIT_NOFILE)");
  return busy.set_retry_after(kSomeEnd);
}

Launched launch(const ChildOptions& options) {
  check_options(options);
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) throw system_error("cannot open /dev/null");
  auto [report_end, report] = make_pipe();
  std::pair<UniqueFd, UniqueFd> out;
  std::pair<UniqueFd, UniqueFd> err;
  if (options.on_stdout) out = make_pipe();
  if (options.on_stderr) err = make_pipe();
  const auto argv = pointers_to(options.argv);
  const auto environment = pointers_to(options.environment);
  const auto confinement = confinement_of(options);

  Plan plan{argv.data(),
            environment.data(),
            options.working_directory.empty() ? nullptr : options.working_directory.c_str(),
            {},
            static_cast<int>(options.fds.size()),
            null.get(),
            out.second ? out.second.get() : null.get(),
            err.second ? err.second.get() : null.get(),
            report.get(),
            ::getpid(),
            confinement ? &*confinement : nullptr,
            options.group};
  std::copy(options.fds.begin(), options.fds.end(), plan.fds.begin());

  ReapOnFailure child{fork_with_signals_blocked(plan)};
  if (child.pid < 0) {
    throw start_error("cannot start " + options.argv[0], errno);
  }
  report.reset();
  throw_if_failed(report_end.get(), options);
  UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  if (!pidfd) throw system_error("cannot watch " + options.argv[0]);
  return {std::exchange(child.pid, 0), std::move(pidfd), std::move(out.first),
          std::move(err.first)};
}

}  // namespace hailstone::os
