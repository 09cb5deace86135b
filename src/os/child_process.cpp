// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <future>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "os/launch.hpp"
#include "os/thread_name.hpp"

namespace hailstone::os {
namespace {

constexpr std::size_t kMaxLine = 16 * 1024;
/// What is read of a child's last words; a grandchild that got away could write for ever.
constexpr int kMaxReadsAfterExit = 64;

/// The child's thread has to outlive a callback that throws: it is the one that reaps.
template <typename Callback, typename... Args>
void call_safely(const Callback& callback, const Args&... args) noexcept {
  if (!callback) return;
  try {
    callback(args...);
  } catch (...) {  // NOLINT: the top of the child's thread; there is nobody to tell
  }
}

/// Cuts a pipe's bytes into lines.
class LineReader {
 public:
  LineReader(UniqueFd fd, OnLine on_line) : fd_(std::move(fd)), on_line_(std::move(on_line)) {
    if (fd_) ::fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
  }

  int fd() const noexcept { return fd_.get(); }

  /// False when nothing more is to be had now.
  bool read_some() {
    std::array<char, 4096> bytes;
    const ssize_t got = ::read(fd_.get(), bytes.data(), bytes.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) {
      finish();
      return false;
    }
    for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(got))) {
      if (c != '\n') line_ += c;
      if (c == '\n' || line_.size() == kMaxLine) emit();
    }
    return true;
  }

  void finish() {
    if (!line_.empty()) emit();
    fd_.reset();
  }

 private:
  void emit() {
    call_safely(on_line_, std::string_view(line_));
    line_.clear();
  }

  UniqueFd fd_;
  OnLine on_line_;
  std::string line_;
};

}  // namespace

std::string to_string(const ExitStatus& status) {
  if (status.signal == 0) return "exited with status " + std::to_string(status.code);
  const char* name = ::sigdescr_np(status.signal);
  return "killed by signal " + std::to_string(status.signal) +
         (name != nullptr ? ", " + std::string(name) : "");
}

class ChildProcess::Impl {
 public:
  explicit Impl(ChildOptions options) : options_(std::move(options)) {
    std::promise<void> started;
    try {
      thread_ = std::jthread([this, &started] { run(started); });
    } catch (const std::system_error& error) {
      throw start_error("cannot start " + options_.argv.at(0), error.code().value());
    }
    started.get_future().get();
  }
  ~Impl() { send_signal(SIGKILL); }

  pid_t pid() const noexcept { return child_.pid; }
  int pidfd() const noexcept { return child_.pidfd.get(); }

  std::optional<ExitStatus> exited() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

  std::optional<ExitStatus> wait(Deadline deadline) const {
    std::unique_lock lock(mutex_);
    const auto ended = [this] { return status_.has_value(); };
    if (deadline.is_never()) {
      ended_.wait(lock, ended);
    } else {
      ended_.wait_until(lock, deadline.time(), ended);
    }
    return status_;
  }

  void send_signal(int signal) noexcept {
    const std::lock_guard lock(mutex_);  // while it is held, the pid is not reused
    if (!status_) ::kill(-child_.pid, signal);
  }

 private:
  void run(std::promise<void>& started) {
    set_thread_name(options_.thread_name.c_str());
    try {
      child_ = launch(options_);
    } catch (...) {
      started.set_exception(std::current_exception());
      return;
    }
    started.set_value();
    LineReader out(std::move(child_.out), options_.on_stdout);
    LineReader err(std::move(child_.err), options_.on_stderr);
    watch(out, err);
    ::kill(-child_.pid, SIGKILL);  // what it leaves behind in its group
    for (LineReader* reader : {&out, &err}) {
      for (int i = 0; i < kMaxReadsAfterExit && reader->fd() >= 0 && reader->read_some(); ++i) {
      }
      reader->finish();
    }
    call_safely(options_.on_exit, reap());
  }

  void watch(LineReader& out, LineReader& err) const {
    while (true) {
      std::array<pollfd, 3> fds{pollfd{child_.pidfd.get(), POLLIN, 0}, pollfd{out.fd(), POLLIN, 0},
                                pollfd{err.fd(), POLLIN, 0}};
      if (::poll(fds.data(), fds.size(), -1) < 0) continue;
      if (fds[0].revents != 0) return;
      if (fds[1].revents != 0) out.read_some();
      if (fds[2].revents != 0) err.read_some();
    }
  }

  ExitStatus reap() {
    const std::lock_guard lock(mutex_);
    int raw = 0;
    while (::waitpid(child_.pid, &raw, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFSIGNALED(raw) ? ExitStatus{0, WTERMSIG(raw)} : ExitStatus{WEXITSTATUS(raw), 0};
    ended_.notify_all();
    return *status_;
  }

  const ChildOptions options_;
  Launched child_;
  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  std::optional<ExitStatus> status_;  // guarded by mutex_
  std::jthread thread_;
};

ChildProcess::ChildProcess(ChildOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
ChildProcess::~ChildProcess() = default;

pid_t ChildProcess::pid() const noexcept {
  return impl_->pid();
}

int ChildProcess::pidfd() const noexcept {
  return impl_->pidfd();
}

std::optional<ExitStatus> ChildProcess::exited() const {
  return impl_->exited();
}

std::optional<ExitStatus> ChildProcess::wait(Deadline deadline) const {
  return impl_->wait(deadline);
}

void ChildProcess::send_signal(int signal) noexcept {
  impl_->send_signal(signal);
}

ExitStatus ChildProcess::terminate(std::chrono::nanoseconds grace) {
  send_signal(SIGTERM);
  if (const auto status = wait(Deadline::in(grace))) return *status;
  send_signal(SIGKILL);
  return *wait(Deadline::never());
}

}  // namespace hailstone::os
