// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Replies that clients can pick up again after a dropped connection. A client that names a stream
// gets its reply through a buffer, and may come back for the rest; without a name a client that
// leaves stops the work, as ever.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "http/router.hpp"
#include "services/text/streams/kept_reply.hpp"

namespace hailstone::streams {

/// Thread-safe. Its destructor stops all work that is left.
class KeptStreams {
 public:
  static constexpr std::size_t kMost = 16;
  static constexpr std::chrono::minutes kKeep{5};

  explicit KeptStreams(const Clock& clock = system_clock()) : clock_(clock) {}
  ~KeptStreams();
  KeptStreams(const KeptStreams&) = delete;
  KeptStreams& operator=(const KeptStreams&) = delete;

  /// The same route, whose requests may have a name (http::kStreamHeader).
  http::Route keeping(http::Route route);

  /// Throws kNotFound, and what KeptReply::copy_to throws.
  void resume(const std::string& name, std::uint64_t from, http::Reply& reply,
              const RunContext& run);
  /// Stops its work and forgets it. Throws kNotFound.
  void stop(const std::string& name);

 private:
  struct Stream {
    std::stop_source stop;
    std::unique_ptr<KeptReply> reply;
    std::thread thread;
    int readers = 0;    ///< this and the next are guarded by KeptStreams' mutex_
    SteadyTime left{};  ///< when the last reader went
    ~Stream();
  };
  // The table and who reads a stream share it: it may be forgotten meanwhile.
  using Shared = std::shared_ptr<Stream>;
  class Visit;

  Shared start(const http::Route& route, const std::string& name, http::Request request);
  Shared require(const std::string& name);
  std::map<std::string, Shared> take_stale();

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Shared> streams_;  ///< guarded by mutex_
};

/// GET and DELETE /api/streams/{name}. The streams outlive the router.
void add_stream_routes(http::Router& router, KeptStreams& streams);

}  // namespace hailstone::streams
