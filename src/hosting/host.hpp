// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The daemon's end of one engine host: the process, the channel to it, and the requests under way.
// A host that crashes, hangs or talks nonsense costs its requests an honest error, nothing else.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "base/sync/mutex.hpp"
#include "hosting/protocol/channel.hpp"
#include "hosting/protocol/frame.hpp"
#include "hosting/protocol/wire.hpp"
#include "os/child_process.hpp"
#include "os/groups/control_group.hpp"
#include "os/memory/process_limits.hpp"

namespace hailstone::hosting {

/// How a host is started. It finds the socket as descriptor 3.
struct HostCommand {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value"; all that it gets
  /// What it may do. What argv names it may read; a host for one model reads that model's files.
  os::Cage cage{};
  /// Beyond these the host is killed, with the reason.
  os::ProcessLimits limits{};
  std::filesystem::path working_directory{};  ///< empty: ours
  os::ControlGroups* groups = nullptr;        ///< outlives the host; null: there are none
  os::OnLine on_line{};   ///< gets what it says, on a thread of the host's; may be null
  std::string missing{};  ///< why there is nothing to start, and what would help; empty: there is
};

/// What a host needs of our environment, by name: where to find programs and temporary space, the
/// language, and the settings of the sanitizers. None of our own settings: keys are among them.
std::vector<std::string> host_environment();

struct HostOptions {
  /// A host that has not said who it is by then is killed.
  std::chrono::nanoseconds start_limit = std::chrono::seconds(30);
  /// A request that is called off and does not end within this time is given up: nobody waits for
  /// it any more. The host is killed, at once if it does nothing else, else after stall_limit.
  std::chrono::nanoseconds cancel_grace = std::chrono::seconds(2);
  /// After the socket is closed, before SIGKILL.
  std::chrono::nanoseconds exit_grace = std::chrono::seconds(2);
  /// A host that says nothing for this long while it works is asked whether it is there.
  std::chrono::nanoseconds heartbeat = std::chrono::seconds(5);
  /// A host that says nothing for this long, not even to that, is killed.
  std::chrono::nanoseconds silence_limit = std::chrono::seconds(30);
  /// A request that makes no progress for this long: the host is killed.
  std::chrono::nanoseconds stall_limit = std::chrono::minutes(10);
  bool share_memory = true;
  /// Others depend on the host than those whose requests are open: it is not killed for one.
  bool serves_many = false;
  /// How long a host for questions waits for the next one.
  std::chrono::nanoseconds question_linger{0};
  std::uint64_t number = 0;  ///< of no other host of its engine
};

/// The host was killed because of another request: this one may be tried again elsewhere.
class HostLost : public Error {
 public:
  explicit HostLost(const Error& error) : Error(error) {}
};

/// Thread-safe.
class Host {
  class OpenCall;

 public:
  using OnChunk = std::function<void(const Frame& chunk)>;

  /// The way of a request's further input to the host. Of the thread that feeds.
  class Feed {
   public:
    /// For whatever the feeding waits for: is stopped when the request ends.
    const RunContext& run() const noexcept { return run_; }
    /// Waits while the host has as much as it takes. Throws kCancelled once the request has ended,
    /// kTooLarge.
    void send(const Body& piece);

   private:
    friend class Host;
    Feed(Host& host, OpenCall& call, RunContext run) noexcept
        : host_(host), call_(call), run_(std::move(run)) {}
    Host& host_;
    OpenCall& call_;
    const RunContext run_;
  };
  /// Called on a thread of the request's own; what it throws while the request runs comes out of
  /// call(). Returns when there is no more input.
  using FeedInput = std::function<void(Feed&)>;

  /// Blocks until the host has said who it is. Throws Error(kEngineFailed) where it cannot be
  /// started or says nonsense, kTimeout, kCancelled.
  Host(std::string engine, const HostCommand& command, const HostOptions& options,
       const RunContext& run);
  /// Closes the socket; a host that does not end on that is killed. No request may be under way.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  /// Returns the host's result or its error frame. on_chunk is called on this thread; what it
  /// throws calls the request off and comes out. doing: "generating text", for the error message.
  /// Throws kTimeout, kCancelled, kTooLarge, and kEngineFailed when the host dies meanwhile
  /// (HostLost: of something else).
  Frame call(const std::string& doing, const Body& request, const RunContext& run,
             const OnChunk& on_chunk = {}, const FeedInput& feed_input = {});

  /// call() for destructors: false where the host did not do it in time.
  bool try_call(const std::string& doing, const Body& request,
                std::chrono::nanoseconds limit) noexcept;

  /// All requests under way fail, because it did what reason says: "did not answer".
  void kill(const std::string& reason);

  const Welcome& welcome() const noexcept { return welcome_; }
  bool alive() const noexcept { return !is_dead_; }
  pid_t pid() const noexcept { return child_->pid(); }
  std::uint64_t number() const noexcept { return options_.number; }
  /// Requests that were given up still run there: others are better served elsewhere.
  bool is_congested() const;
  /// Ends it although it may work; whoever loses a request by it gets HostLost.
  void give_up();
  /// What it takes, with all that it has started where the kernel counts that; zero: it is gone.
  ByteSize memory() const;
  /// The kernel ends it beyond that, where it can.
  void limit_memory(ByteSize most) const;

 private:
  class Feeder;
  struct Started {};

  Host(Started, std::string engine, const HostCommand& command, const HostOptions& options);

  void read();
  void dispatch(Frame&& frame);
  void die(const std::string& reason);
  std::string cause_of_death();
  /// culprit: the request that it is killed for; nothing: it is the host's own fault.
  void kill_for(const std::string& reason, std::optional<std::uint32_t> culprit);
  void end_process() noexcept;
  void abandon(OpenCall& call);
  SteadyTime abandoned_limit() const HAILSTONE_REQUIRES(mutex_);
  void note_line(std::string_view line);
  [[noreturn]] void throw_death(const OpenCall& call) const;

  Frame converse(OpenCall& call, const RunContext& run, const OnChunk& on_chunk);
  Frame next_frame(OpenCall& call, const RunContext& run);
  void credit(OpenCall& call, std::uint64_t used);
  void watch_over(const OpenCall& call, SteadyTime waiting_since);
  SteadyTime next_check(const OpenCall& call, SteadyTime waiting_since) const
      HAILSTONE_REQUIRES(mutex_);
  SteadyTime stall_time(const OpenCall& call, SteadyTime waiting_since) const;

  const std::string engine_;
  const HostOptions options_;
  const os::OnLine on_line_;
  os::UniqueFd their_end_;  // until the child has it
  Channel channel_;
  Welcome welcome_;
  std::uint64_t chunk_limit_ = kUncountedWindow;  // bytes; set before the first call

  std::atomic<bool> is_dead_{false};
  std::atomic<bool> is_closing_{false};
  std::atomic<SteadyTime> last_heard_;
  std::atomic<SteadyTime> last_ping_;
  std::atomic<std::uint32_t> next_id_{0};

  mutable Mutex mutex_;
  std::map<std::uint32_t, OpenCall*> calls_ HAILSTONE_GUARDED_BY(mutex_);
  std::map<std::uint32_t, SteadyTime> abandoned_ HAILSTONE_GUARDED_BY(mutex_);  // since when
  std::string death_ HAILSTONE_GUARDED_BY(mutex_);                              // "crashed (...)"
  std::string kill_reason_ HAILSTONE_GUARDED_BY(mutex_);
  std::optional<std::uint32_t> culprit_
      HAILSTONE_GUARDED_BY(mutex_);  // the request it was killed for
  std::deque<std::string> last_lines_ HAILSTONE_GUARDED_BY(mutex_);

  std::unique_ptr<os::ControlGroup> group_;  // null: there is none; outlives the process
  std::unique_ptr<os::ChildProcess> child_;
  std::jthread reader_;
  std::optional<os::LimitWatch> limits_;  // the first to go: it may still kill
};

}  // namespace hailstone::hosting
