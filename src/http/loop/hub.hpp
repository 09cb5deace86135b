// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the server and its clients know of each other. All of it happens on the loop.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "http/loop/session_threads.hpp"
#include "http/loop/worker_pool.hpp"
#include "http/pipeline/site.hpp"

namespace hailstone::http {

// Typed, as the general executor costs an indirection at each step.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// Where a client's connection begins and ends.
struct Ends {
  Endpoint peer;
  std::string own_address;
  bool is_secure = false;  ///< what we see of it came over TLS
};

/// Whoever has a socket of ours.
class Client {
 public:
  virtual ~Client() = default;
  /// Called a few times a second: ends what has waited too long.
  virtual void check_timeouts(SteadyTime now) = 0;
  /// No further requests: closes now if it is idle, else after the reply.
  virtual void close_soon() = 0;
  /// Asks the running handler to stop.
  virtual void stop_request() = 0;
  virtual void close() = 0;
  /// Since when it has been between two requests; nothing while there is something to do.
  virtual std::optional<SteadyTime> idle_since() = 0;
  /// Since when it has been sending a request, where that is too slow to be worth a place that
  /// another client needs.
  virtual std::optional<SteadyTime> dawdling_since(SteadyTime now) = 0;
  /// Of the machine at the other end, without the port.
  virtual const std::string& address() const noexcept = 0;
};

class Hub {
 public:
  virtual ~Hub() = default;
  virtual Site& site() noexcept = 0;
  /// On whose threads handlers of that cost run.
  virtual WorkerPool& pool(Cost cost) noexcept = 0;
  virtual SessionThreads& sessions() noexcept = 0;
  virtual void adopt(std::shared_ptr<Client> client) = 0;
  virtual void on_closed(Client& client) = 0;
};

}  // namespace hailstone::http
