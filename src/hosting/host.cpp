// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/strings.hpp"
#include "inference/run_wait.hpp"
#include "log/log.hpp"
#include "os/process_memory.hpp"
#include "os/thread_name.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::hosting {
namespace {

namespace log = log;

constexpr std::uint32_t kHandshake = 0;
constexpr std::size_t kMaxLastLines = 20;  // a traceback
constexpr std::size_t kMaxLineLength = 300;
/// A crashed process closes its socket a moment before it is gone.
constexpr auto kLastGasp = std::chrono::seconds(1);

SteadyTime now() noexcept {
  return system_clock().now();
}

bool is_for_hosts(std::string_view variable) noexcept {
  constexpr std::array<std::string_view, 12> kNames = {
      "PATH",     "HOME",       "TMPDIR", "LANG",         "LANGUAGE",      "LC_ALL",
      "LC_CTYPE", "LC_NUMERIC", "TZ",     "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};
  const std::string_view name = variable.substr(0, variable.find('='));
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
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
        chunk_window_(host.chunk_limit_),
        last_progress_(now()) {
    input_window_.count_bytes();
    const MutexLock lock(host_.mutex_);
    host_.calls_[id_] = this;
  }

  ~OpenCall() {
    call_off();
    bool is_last = false;
    {
      const MutexLock lock(host_.mutex_);
      host_.calls_.erase(id_);
      is_last = !host_.options_.serves_many && host_.calls_.empty() && !host_.abandoned_.empty();
    }
    if (is_last) host_.kill("did not stop when it was told to");
  }

  std::uint32_t id() const noexcept { return id_; }
  const std::string& doing() const noexcept { return doing_; }

 private:
  friend class Host;

  void call_off() noexcept {
    UniqueLock lock(host_.mutex_);
    if (end_ || host_.is_dead_) return;
    lock.unlock();
    host_.channel_.send(FrameType::kCancel, id_);
    lock.lock();
    const bool has_ended = changed_.wait_until(lock.native(), now() + host_.options_.cancel_grace,
                                               [this] { return end_ || host_.is_dead_; });
    lock.unlock();
    if (!has_ended) host_.abandon(*this);
  }

  const std::uint32_t id_;
  const std::string doing_;
  const std::chrono::nanoseconds stall_limit_;
  Host& host_;
  std::condition_variable_any changed_;
  // All guarded by host_.mutex_:
  std::deque<Frame> chunks_;
  ReceiveWindow chunk_window_;
  SendWindow input_window_;
  bool is_fed_ = false;  // there will be more input
  std::exception_ptr feed_failure_;
  std::optional<Frame> end_;
  SteadyTime last_progress_;
};

void Host::Feed::send(const Body& piece) {
  const auto size = hosting::size_of(piece);
  if (size > kMaxChunk) {
    throw Error(ErrorCode::kTooLarge, "a piece of input is too large for an engine host");
  }
  {
    UniqueLock lock(host_.mutex_);
    wait_for(call_.changed_, lock.native(), run_,
             [&] { return call_.input_window_.has_room(size) || call_.end_ || host_.is_dead_; });
    if (call_.end_ || host_.is_dead_) {
      throw Error(ErrorCode::kCancelled, "the request has ended");
    }
    // A host that had nothing to do until now has not been idle for too long.
    if (call_.input_window_.is_untouched()) call_.last_progress_ = now();
    call_.input_window_.take(size);
  }
  host_.channel_.send(FrameType::kInput, call_.id(), piece);
}

/// The thread that brings a request's input.
class Host::Feeder {
 public:
  Feeder(Host& host, OpenCall& call, const FeedInput& feed_input, Deadline deadline)
      : host_(host), call_(call) {
    if (!feed_input) return;
    call_.is_fed_ = true;
    thread_ = std::jthread([this, &feed_input, deadline](const std::stop_token& stop) {
      os::set_thread_name("host-input");
      feed(feed_input, {deadline, stop});
    });
  }

 private:
  void feed(const FeedInput& feed_input, RunContext run) {
    std::exception_ptr failure;
    try {
      Feed way(host_, call_, run);
      feed_input(way);
    } catch (...) {  // for the thread that waits for the request's end
      failure = std::current_exception();
    }
    const MutexLock lock(host_.mutex_);
    call_.is_fed_ = false;
    call_.last_progress_ = now();
    if (!run.stop.stop_requested()) call_.feed_failure_ = failure;
    call_.changed_.notify_all();
  }

  Host& host_;
  OpenCall& call_;
  std::jthread thread_;  // stopped and joined first
};

Host::Host(Started, std::string engine, const HostCommand& command, const HostOptions& options)
    : engine_(std::move(engine)),
      options_(options),
      on_line_(command.on_line),
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
  child.cage = command.cage;
  child.fds = {their_end_.get()};
  child.working_directory = command.working_directory;
  child.on_stdout = [this](std::string_view line) { note_line(line); };
  child.on_stderr = child.on_stdout;
  // Also where a process that the host started keeps the socket open.
  child.on_exit = [this](const os::ExitStatus&) { channel_.shut_down(); };
  child.thread_name = "host " + engine_;
  if (command.groups != nullptr) group_ = command.groups->make(engine_);
  if (group_) child.group = group_->entrance();
  child_ = std::make_unique<os::ChildProcess>(std::move(child));
  their_end_.reset();
  reader_ = std::jthread([this] { read(); });
  if (command.limits.is_any()) {
    limits_.emplace(child_->pid(), command.limits,
                    [this](const std::string& excess) { kill(excess); });
  }
}

Host::Host(std::string engine, const HostCommand& command, const HostOptions& options,
           const RunContext& run)
    : Host(Started{}, std::move(engine), command, options) {
  OpenCall call(*this, kHandshake, "starting", options_.start_limit);
  channel_.send(FrameType::kHello, kHandshake,
                encode_hello({kProtocolVersion, options_.share_memory, kFeatures}));
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
  if (welcome_.features.streams) chunk_limit_ = kByteWindow;
}

Host::~Host() {
  is_closing_ = true;
  channel_.end_sending();
  if (is_congested()) end_process();  // it would not end by itself
  child_->wait(Deadline::in(options_.exit_grace));
  end_process();
  reader_.join();
}

Frame Host::call(const std::string& doing, const Body& request, const RunContext& run,
                 const OnChunk& on_chunk, const FeedInput& feed_input) {
  run.check();
  Channel::check_size(request);
  OpenCall call(*this, ++next_id_, doing, options_.stall_limit);
  if (is_dead_) throw_death(call);
  // Where that fails the reader finds out why, and that ends the call.
  channel_.send(FrameType::kRequest, call.id(), request);
  const Feeder feeder(*this, call, feed_input, run.deadline);
  return converse(call, run, on_chunk);
}

bool Host::try_call(const std::string& doing, const Body& request,
                    std::chrono::nanoseconds limit) noexcept {
  if (is_dead_) return false;
  OpenCall call(*this, ++next_id_, doing, options_.stall_limit);
  if (!channel_.send(FrameType::kRequest, call.id(), request)) return false;
  UniqueLock lock(mutex_);
  call.changed_.wait_until(lock.native(), now() + limit, [&] { return call.end_ || is_dead_; });
  return call.end_ && call.end_->type == FrameType::kResult;
}

Frame Host::converse(OpenCall& call, const RunContext& run, const OnChunk& on_chunk) {
  while (true) {
    Frame frame = next_frame(call, run);
    if (frame.type != FrameType::kChunk) return frame;
    if (on_chunk) on_chunk(frame);
    credit(call, hosting::size_of(frame));
  }
}

void Host::credit(OpenCall& call, std::uint64_t used) {
  UniqueLock lock(mutex_);
  call.chunk_window_.use_up(used);
  if (!call.chunk_window_.is_credit_due()) return;
  const Credit credit = call.chunk_window_.credit();
  lock.unlock();
  channel_.send(FrameType::kCredit, call.id(), encode_credit(credit));
}

Frame Host::next_frame(OpenCall& call, const RunContext& run) {
  const SteadyTime waiting_since = now();
  UniqueLock lock(mutex_);
  while (true) {
    if (!call.chunks_.empty()) {
      run.check();
      Frame chunk = std::move(call.chunks_.front());
      call.chunks_.pop_front();
      return chunk;
    }
    if (call.end_) return std::move(*call.end_);
    if (call.feed_failure_) std::rethrow_exception(call.feed_failure_);
    if (is_dead_) {
      lock.unlock();
      throw_death(call);
    }
    run.check();
    const auto wake = std::min(next_check(call, waiting_since), run.deadline.time());
    call.changed_.wait_until(lock.native(), run.stop, wake, [&] {
      return !call.chunks_.empty() || call.end_ || call.feed_failure_ || is_dead_;
    });
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
                   stall_time(call, waiting_since), abandoned_limit()});
}

/// When what was given up will have had its time.
SteadyTime Host::abandoned_limit() const {
  SteadyTime limit = SteadyTime::max();
  for (const auto& [id, since] : abandoned_) limit = std::min(limit, since + options_.stall_limit);
  return limit;
}

/// When it will have made no progress for too long. A host that waits for input has nothing to do.
SteadyTime Host::stall_time(const OpenCall& call, SteadyTime waiting_since) const {
  if (call.is_fed_ && call.input_window_.is_untouched()) return SteadyTime::max();
  return std::max(call.last_progress_, waiting_since) + call.stall_limit_;
}

void Host::watch_over(const OpenCall& call, SteadyTime waiting_since) {
  const SteadyTime time = now();
  const SteadyTime heard = std::max(last_heard_.load(), waiting_since);
  UniqueLock lock(mutex_);
  const bool is_stalled = time >= stall_time(call, waiting_since);
  const bool is_overdue = time >= abandoned_limit();
  const std::uint32_t oldest = abandoned_.empty() ? 0 : abandoned_.begin()->first;
  lock.unlock();
  if (time - heard >= options_.silence_limit) {
    kill("did not answer");
  } else if (is_stalled) {
    kill_for("made no progress " + call.doing(), call.id());
  } else if (is_overdue) {
    kill_for("did not stop when it was told to", oldest);
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
  const MutexLock lock(mutex_);
  const auto found = calls_.find(frame.id);
  if (frame.type == FrameType::kPong) return;
  if (found == calls_.end()) {  // called off meanwhile
    if (frame.type != FrameType::kChunk) abandoned_.erase(frame.id);
    return;
  }
  OpenCall& call = *found->second;
  call.last_progress_ = now();
  if (frame.type == FrameType::kCredit) {
    call.input_window_.add(parse_credit(frame));
  } else if (frame.type != FrameType::kChunk) {
    call.end_ = std::move(frame);
  } else if (call.chunk_window_.admit(hosting::size_of(frame))) {
    call.chunks_.push_back(std::move(frame));
  } else {
    throw Error(ErrorCode::kEngineFailed, "it sent more than it was allowed to");
  }
  call.changed_.notify_all();
}

std::string Host::cause_of_death() {
  const auto status = child_->wait(Deadline::in(kLastGasp));
  const MutexLock lock(mutex_);
  if (!kill_reason_.empty()) return "was stopped (it " + kill_reason_ + ")";
  return status ? "crashed (" + to_string(*status) + ")" : "stopped talking";
}

void Host::die(const std::string& reason) {
  const bool was_closing = is_closing_;  // before anybody knows of it and closes it for that
  end_process();
  std::string last_words;
  {
    const MutexLock lock(mutex_);
    death_ = reason;
    is_dead_ = true;
    for (auto& [id, call] : calls_) call->changed_.notify_all();
    for (const auto& line : last_lines_) last_words += (last_words.empty() ? "" : "\n") + line;
  }
  if (was_closing) return;
  log::error("hosting", "an engine host died",
             {{"engine", engine_}, {"pid", std::to_string(child_->pid())}, {"reason", reason}});
  if (last_words.empty()) return;
  log::warning("hosting", "what the engine host said last",
               {{"engine", engine_}, {"lines", last_words}});
}

/// With all that it has started, where the kernel knows that.
void Host::end_process() noexcept {
  if (group_) group_->kill();
  child_->send_signal(SIGKILL);
}

ByteSize Host::memory() const {
  const auto process = os::find_process_memory(pid());
  const auto group = group_ ? group_->memory() : std::nullopt;
  // Files that nobody has touched lately are not among a group's, but a model's weights may be
  // such.
  return std::max(process ? process->pss : ByteSize(), group.value_or(ByteSize()));
}

void Host::limit_memory(ByteSize most) const {
  if (group_) group_->limit_memory(most);
}

void Host::kill(const std::string& reason) {
  kill_for(reason, std::nullopt);
}

void Host::kill_for(const std::string& reason, std::optional<std::uint32_t> culprit) {
  {
    const MutexLock lock(mutex_);
    if (is_dead_) return;
    if (kill_reason_.empty()) {
      kill_reason_ = reason;
      culprit_ = culprit;
    }
  }
  end_process();
}

/// What cannot be interrupted is not waited for; the others' work is not thrown away for it.
void Host::abandon(OpenCall& call) {
  bool is_alone = false;
  {
    const MutexLock lock(mutex_);
    if (call.end_) return;
    abandoned_[call.id()] = now();
    is_alone = calls_.size() == 1 && !options_.serves_many;
  }
  if (is_alone) {
    kill_for("did not stop " + call.doing() + " when it was told to", call.id());
    return;
  }
  log::warning("hosting", "a request does not stop; the others work on",
               {{"engine", engine_}, {"pid", std::to_string(pid())}, {"doing", call.doing()}});
}

bool Host::is_congested() const {
  const MutexLock lock(mutex_);
  return !abandoned_.empty();
}

void Host::give_up() {
  kill_for("was kept busy by requests that do not stop", kHandshake);
}

void Host::note_line(std::string_view line) {
  if (on_line_) on_line_(line);
  std::string text(utf8_prefix(line, kMaxLineLength));
  if (!is_valid_utf8(text)) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7E; }, '?');
  }
  log::debug("hosting", "an engine host says", {{"engine", engine_}, {"line", text}});
  const MutexLock lock(mutex_);
  if (last_lines_.size() == kMaxLastLines) last_lines_.pop_front();
  last_lines_.push_back(std::move(text));
}

void Host::throw_death(const OpenCall& call) const {
  const MutexLock lock(mutex_);
  const Error error(ErrorCode::kEngineFailed,
                    "the " + engine_ + " engine " + death_ + " while " + call.doing(),
                    "it is started again with the next request");
  if (culprit_ && *culprit_ != call.id()) throw HostLost(error);
  throw error;
}

}  // namespace hailstone::hosting
