// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/strings.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::hosting {
namespace {

namespace log = log;

constexpr std::uint32_t kHandshake = 0;
constexpr std::size_t kMaxLastLines = 5;
constexpr std::size_t kMaxLineLength = 300;
/// A crashed process closes its socket a moment before it is gone.
constexpr auto kLastGasp = std::chrono::seconds(1);

SteadyTime now() noexcept {
  return system_clock().now();
}

bool is_for_hosts(std::string_view variable) noexcept {
  constexpr std::array<std::string_view, 9> kPrefixes = {
      "PATH=", "HOME=",      "TMPDIR=",       "LANG=",         "LC_",
      "TZ=",   "HAILSTONE_", "ASAN_OPTIONS=", "UBSAN_OPTIONS="};
  return variable.rfind("TSAN_OPTIONS=", 0) == 0 ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return variable.rfind(prefix, 0) == 0; });
}

}  // namespace

std::vector<std::string> host_environment() {
  std::vector<std::string> environment;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (is_for_hosts(*variable)) environment.emplace_back(*variable);
  }
  return environment;
}

/// One request under way; lives on the stack of its caller. If it goes before its end (deadline,
/// stop, an exception of the caller's), it is called off.
class Host::OpenCall {
 public:
  OpenCall(Host& host, std::uint32_t id, std::string doing, std::chrono::nanoseconds stall_limit)
      : id_(id),
        doing_(std::move(doing)),
        stall_limit_(stall_limit),
        host_(host),
        last_progress_(now()) {
    const std::lock_guard lock(host_.mutex_);
    host_.calls_[id_] = this;
  }

  ~OpenCall() {
    call_off();
    const std::lock_guard lock(host_.mutex_);
    host_.calls_.erase(id_);
  }

  std::uint32_t id() const noexcept { return id_; }
  const std::string& doing() const noexcept { return doing_; }

 private:
  friend class Host;

  void call_off() noexcept {
    std::unique_lock lock(host_.mutex_);
    if (end_ || host_.is_dead_) return;
    lock.unlock();
    host_.channel_.send(FrameType::kCancel, id_);
    lock.lock();
    const bool has_ended = changed_.wait_until(lock, now() + host_.options_.cancel_grace,
                                               [this] { return end_ || host_.is_dead_; });
    lock.unlock();
    if (!has_ended) host_.kill("did not stop " + doing_ + " when it was told to");
  }

  const std::uint32_t id_;
  const std::string doing_;
  const std::chrono::nanoseconds stall_limit_;
  Host& host_;
  std::condition_variable_any changed_;
  std::deque<Frame> chunks_;     // guarded by host_.mutex_
  std::optional<Frame> end_;     // guarded by host_.mutex_
  SteadyTime last_progress_;     // guarded by host_.mutex_
  std::uint32_t to_credit_ = 0;  // of the caller's thread
};

Host::Host(Started, std::string engine, const HostCommand& command, const HostOptions& options)
    : engine_(std::move(engine)),
      options_(options),
      channel_([this] {
        auto [ours, theirs] = os::make_socket_pair();
        their_end_ = std::move(theirs);
        return std::move(ours);
      }()),
      last_heard_(now()),
      last_ping_(now()) {
  os::ChildOptions child;
  child.argv = command.argv;
  child.environment = command.environment;
  child.fds = {their_end_.get()};
  child.on_stdout = [this](std::string_view line) { note_line(line); };
  child.on_stderr = child.on_stdout;
  // Also where a process that the host started keeps the socket open.
  child.on_exit = [this](const os::ExitStatus&) { channel_.shut_down(); };
  child.thread_name = "host " + engine_;
  child_ = std::make_unique<os::ChildProcess>(std::move(child));
  their_end_.reset();
  reader_ = std::jthread([this] { read(); });
}

Host::Host(std::string engine, const HostCommand& command, const HostOptions& options,
           const RunContext& run)
    : Host(Started{}, std::move(engine), command, options) {
  OpenCall call(*this, kHandshake, "starting", options_.start_limit);
  channel_.send(FrameType::kHello, kHandshake,
                encode_hello({kProtocolVersion, options_.share_memory}));
  const Frame frame = converse(call, run, {});
  if (frame.type != FrameType::kWelcome) {
    throw Error(ErrorCode::kEngineFailed, "the " + engine_ + " engine's host did not greet");
  }
  welcome_ = parse_welcome(frame);
  if (welcome_.protocol != kProtocolVersion) {
    throw Error(ErrorCode::kEngineFailed, "the " + engine_ + " engine's host speaks version " +
                                              std::to_string(welcome_.protocol) +
                                              " of the host protocol, not " +
                                              std::to_string(kProtocolVersion));
  }
  if (welcome_.shared_memory && options_.share_memory) channel_.allow_sharing();
}

Host::~Host() {
  is_closing_ = true;
  channel_.end_sending();
  child_->wait(Deadline::in(options_.exit_grace));
  child_->send_signal(SIGKILL);
  reader_.join();
}

Frame Host::call(const std::string& doing, const Body& request, const RunContext& run,
                 const OnChunk& on_chunk) {
  run.check();
  if (is_dead_) throw death_error(doing);
  OpenCall call(*this, ++next_id_, doing, options_.stall_limit);
  // Where that fails the reader finds out why, and that ends the call.
  channel_.send(FrameType::kRequest, call.id(), request);
  return converse(call, run, on_chunk);
}

bool Host::try_call(const std::string& doing, const Body& request,
                    std::chrono::nanoseconds limit) noexcept {
  if (is_dead_) return false;
  OpenCall call(*this, ++next_id_, doing, options_.stall_limit);
  if (!channel_.send(FrameType::kRequest, call.id(), request)) return false;
  std::unique_lock lock(mutex_);
  call.changed_.wait_until(lock, now() + limit, [&] { return call.end_ || is_dead_; });
  return call.end_ && call.end_->type == FrameType::kResult;
}

Frame Host::converse(OpenCall& call, const RunContext& run, const OnChunk& on_chunk) {
  while (true) {
    Frame frame = next_frame(call, run);
    if (frame.type != FrameType::kChunk) return frame;
    if (on_chunk) on_chunk(frame);
    if (++call.to_credit_ >= kChunkWindow / 2) {
      channel_.send(FrameType::kCredit, call.id(),
                    encode_credit(std::exchange(call.to_credit_, 0)));
    }
  }
}

Frame Host::next_frame(OpenCall& call, const RunContext& run) {
  const SteadyTime waiting_since = now();
  std::unique_lock lock(mutex_);
  while (true) {
    if (!call.chunks_.empty()) {
      run.check();
      Frame chunk = std::move(call.chunks_.front());
      call.chunks_.pop_front();
      return chunk;
    }
    if (call.end_) return std::move(*call.end_);
    if (is_dead_) {
      lock.unlock();
      throw death_error(call.doing());
    }
    run.check();
    const auto wake = std::min(next_check(call, waiting_since), run.deadline.time());
    call.changed_.wait_until(lock, run.stop, wake,
                             [&] { return !call.chunks_.empty() || call.end_ || is_dead_; });
    if (now() < next_check(call, waiting_since)) continue;
    lock.unlock();
    watch_over(call, waiting_since);
    lock.lock();
  }
}

SteadyTime Host::next_check(const OpenCall& call, SteadyTime waiting_since) const {
  if (!kill_reason_.empty()) return now() + kLastGasp;  // its end is under way
  const SteadyTime heard = std::max(last_heard_.load(), waiting_since);
  const SteadyTime asked = std::max(heard, last_ping_.load());
  return std::min({asked + options_.heartbeat, heard + options_.silence_limit,
                   std::max(call.last_progress_, waiting_since) + call.stall_limit_});
}

void Host::watch_over(const OpenCall& call, SteadyTime waiting_since) {
  const SteadyTime time = now();
  const SteadyTime heard = std::max(last_heard_.load(), waiting_since);
  std::unique_lock lock(mutex_);
  const SteadyTime progressed = std::max(call.last_progress_, waiting_since);
  lock.unlock();
  if (time - heard >= options_.silence_limit) {
    kill("did not answer");
  } else if (time - progressed >= call.stall_limit_) {
    kill("made no progress " + call.doing());
  } else if (time - std::max(heard, last_ping_.load()) >= options_.heartbeat) {
    last_ping_ = time;
    channel_.send(FrameType::kPing, kHandshake);
  }
}

void Host::read() {
  os::set_thread_name("host-read");
  std::string reason;
  try {
    while (auto frame = channel_.receive()) {
      last_heard_ = now();
      dispatch(std::move(*frame));
    }
    reason = cause_of_death();
  } catch (...) {
    reason = std::string("was stopped (") + current_error().what() + ")";
  }
  die(reason);
}

void Host::dispatch(Frame&& frame) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(frame.id);
  if (frame.type == FrameType::kPong || found == calls_.end()) return;  // called off meanwhile
  OpenCall& call = *found->second;
  call.last_progress_ = now();
  if (frame.type != FrameType::kChunk) {
    call.end_ = std::move(frame);
  } else {
    if (call.chunks_.size() >= kChunkWindow) {
      throw Error(ErrorCode::kEngineFailed, "it sent more than it was allowed to");
    }
    call.chunks_.push_back(std::move(frame));
  }
  call.changed_.notify_all();
}

std::string Host::cause_of_death() {
  const auto status = child_->wait(Deadline::in(kLastGasp));
  const std::lock_guard lock(mutex_);
  if (!kill_reason_.empty()) return "was stopped (it " + kill_reason_ + ")";
  return status ? "crashed (" + to_string(*status) + ")" : "stopped talking";
}

void Host::die(const std::string& reason) {
  child_->send_signal(SIGKILL);
  std::string last_words;
  {
    const std::lock_guard lock(mutex_);
    death_ = reason;
    is_dead_ = true;
    for (auto& [id, call] : calls_) call->changed_.notify_all();
    for (const auto& line : last_lines_) last_words += (last_words.empty() ? "" : "\n") + line;
  }
  if (is_closing_) return;
  log::error("hosting", "an engine host died",
             {{"engine", engine_},
              {"pid", std::to_string(child_->pid())},
              {"reason", reason},
              {"last_words", last_words}});
}

void Host::kill(const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (is_dead_) return;
    if (kill_reason_.empty()) kill_reason_ = reason;
  }
  child_->send_signal(SIGKILL);
}

void Host::note_line(std::string_view line) {
  log::debug("hosting", "an engine host says", {{"engine", engine_}, {"line", std::string(line)}});
  const std::lock_guard lock(mutex_);
  if (last_lines_.size() == kMaxLastLines) last_lines_.pop_front();
  last_lines_.emplace_back(utf8_prefix(line, kMaxLineLength));
}

Error Host::death_error(const std::string& doing) const {
  const std::lock_guard lock(mutex_);
  return Error(ErrorCode::kEngineFailed, "the " + engine_ + " engine " + death_ + " while " + doing,
               "it is started again with the next request");
}

}  // namespace hailstone::hosting
