// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A program that runs as our child: never a zombie, and never alive without us. Whatever becomes of
// this process, the kernel kills the child (PR_SET_PDEATHSIG). As that is tied to the *thread* that
// forked, each child has one thread that forks it, reads its output, reaps it, and lives exactly as
// long as it. The child leads a session of its own: a terminal's Ctrl-C does not reach it, and a
// signal to it also reaches what it started.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.hpp"
#include "os/cage/cage.hpp"

namespace hailstone::os {

/// How a process ended: by a signal if signal is not 0, else with the exit code.
struct ExitStatus {
  int code = 0;
  int signal = 0;

  bool is_success() const noexcept { return code == 0 && signal == 0; }
  bool operator==(const ExitStatus&) const noexcept = default;
};

/// "exited with status 3", "killed by signal 9, Killed".
std::string to_string(const ExitStatus& status);

/// One line without its end; lines longer than 16 KiB come in pieces.
using OnLine = std::function<void(std::string_view line)>;
using OnExit = std::function<void(const ExitStatus& status)>;

struct ChildOptions {
  std::vector<std::string> argv;            ///< argv[0]: path of the program; PATH is not searched
  std::vector<std::string> environment;     ///< "NAME=value"; nothing is inherited
  std::filesystem::path working_directory;  ///< empty: ours
  std::vector<int> fds;  ///< become 3, 4, ... there; ours stay open; no others are inherited
  /// An open cgroup.procs of a control group that it enters first, with all that it starts; -1:
  /// it stays in ours. Where it cannot, it goes on without.
  int group = -1;
  /// What it may do; nothing: as much as this process. What argv names by an absolute path may be
  /// read in any case.
  std::optional<Cage> cage = Cage();
  /// The three callbacks run on the child's thread, one at a time, on_exit last and once. What they
  /// throw is dropped. They may not destroy the ChildProcess.
  OnLine on_stdout;  ///< null: /dev/null
  OnLine on_stderr;  ///< null: /dev/null
  OnExit on_exit;
  std::string thread_name = "child";
};

/// Thread-safe but for its destruction.
class ChildProcess {
 public:
  /// Returns once the program has been executed. Throws Error(kEngineFailed) that names the program
  /// and the reason when that fails, Error(kBusy) where the machine has no room for it now.
  explicit ChildProcess(ChildOptions options);
  /// Kills the child and everything in its process group, and reaps it.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const noexcept;
  /// Readable in poll() once the child has ended. Owned by this object.
  int pidfd() const noexcept;

  /// Nothing while it runs. Once there is something, all its lines have been reported.
  std::optional<ExitStatus> exited() const;
  /// Nothing if it still runs at the deadline.
  std::optional<ExitStatus> wait(Deadline deadline) const;

  /// To the child's process group. Nothing happens if it has ended.
  void send_signal(int signal) noexcept;
  /// SIGTERM, and SIGKILL for what has not ended after the grace time. Returns when it is reaped.
  ExitStatus terminate(std::chrono::nanoseconds grace);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::os
