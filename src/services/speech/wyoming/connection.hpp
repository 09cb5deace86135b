// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One client: reads its events, and has what they ask for done one after the other while it goes on
// reading. A client that leaves, or says nothing where something must come, ends all of it.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/run_context.hpp"
#include "base/sync/mutex.hpp"
#include "net/socket.hpp"
#include "services/speech/wyoming/hearing.hpp"
#include "services/speech/wyoming/protocol/event.hpp"
#include "services/speech/wyoming/protocol/send.hpp"
#include "services/speech/wyoming/protocol/wire_frame.hpp"
#include "services/speech/wyoming/speaking.hpp"
#include "services/speech/wyoming/watching.hpp"

namespace hailstone::wyoming {

class Assistant;
class Directory;

/// What connections work with; it outlives them.
struct Offer {
  transcribe::TranscribeService& transcribe;
  speak::SpeakService& speak;
  wake::WakeService& wake;
  Assistant& assistant;
  Directory& directory;
};

/// How long a client may say nothing.
struct Patience {
  std::chrono::milliseconds first{10'000};   ///< before its first event
  std::chrono::milliseconds within{30'000};  ///< within an event, a stream of sound or of text
  std::chrono::milliseconds between{300'000};
};

/// Belongs to the thread of its client.
class Connection {
 public:
  Connection(net::Socket& socket, const RunContext& run, const Offer& offer,
             Patience patience = {});
  /// Calls off what is still done.
  ~Connection();

  /// Blocks until the client has left, or has to go.
  void serve();

 private:
  using Job = std::function<void(const RunContext&)>;
  /// Of a text that comes in pieces. Shared with the job that speaks, which may outlast it.
  struct Stream {
    TextPipe text;
  };

  std::size_t read(std::string& buffer);
  std::chrono::milliseconds patience() const;
  bool is_at_work() const HAILSTONE_EXCLUDES(mutex_);
  void take(Event&& event);

  void handle(Describe&&);
  void handle(Ping&& ping);
  void handle(Transcribe&& wish);
  void handle(AudioStart&& start);
  void handle(AudioChunk&& chunk);
  void handle(AudioStop&&);
  void handle(Synthesize&& wish);
  void handle(SynthesizeStart&& start);
  void handle(SynthesizeChunk&& chunk);
  void handle(SynthesizeStop&&);
  void handle(Detect&& wish);
  void handle(Said&& said);
  void handle(Recognize&& wish);
  void handle(Unknown&& unknown);

  void begin_sound(Timestamp at);
  void enqueue(Job job) HAILSTONE_EXCLUDES(mutex_);
  void work(const std::stop_token& stop) HAILSTONE_EXCLUDES(mutex_);
  void send(std::string_view frame) HAILSTONE_EXCLUDES(writing_);
  void write(std::string_view frame) HAILSTONE_REQUIRES(writing_);
  void fail(const Error& error);

  net::Socket& socket_;
  const Offer& offer_;
  const Patience patience_;
  std::stop_source ended_;  // the client has left, or has to
  std::stop_callback<std::function<void()>> on_stop_;
  FrameReader frames_;
  bool has_spoken_ = false;

  std::optional<Transcribe> wish_;  // for the sound to come, as the next
  std::optional<Detect> words_;
  std::optional<Watching> watching_;
  std::shared_ptr<Hearing> hearing_;  // shared with its job, see Stream
  std::shared_ptr<Stream> stream_;

  Mutex writing_;  // a frame at a time; no other is held beside it
  bool has_failed_ HAILSTONE_GUARDED_BY(writing_) = false;  // the last frame says why
  mutable Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> jobs_ HAILSTONE_GUARDED_BY(mutex_);
  bool is_busy_ HAILSTONE_GUARDED_BY(mutex_) = false;
  std::jthread worker_;  // with the first job; last
};

}  // namespace hailstone::wyoming
