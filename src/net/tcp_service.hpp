// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A service of a protocol of its own over TCP: its clients, each on a thread, within limits.
//
//   net::TcpService wyoming({.name = "wyoming", .listen = {{"127.0.0.1", 10300}}},
//                           [](net::Socket& socket, const net::TcpClient& client) {
//                             const net::Socket::StopWatch watch(socket, client.run);
//                             while (const auto size = socket.read_some(buffer, watch)) ...
//                           });

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.hpp"
#include "base/run_context.hpp"
#include "net/socket.hpp"

namespace hailstone::net {

struct TcpServiceOptions {
  std::string name = "tcp";      ///< in the log and of the threads: at most 11 letters
  std::vector<Endpoint> listen;  ///< port 0: the system chooses
  /// Such a protocol asks for no key: what other machines can reach must have been allowed.
  bool allow_public = false;
  int max_connections = 32;
  int max_per_address = 8;  ///< of these from one machine; not counted on loopback
  /// A client's machine that has vanished is noticed after about twice as long.
  std::chrono::seconds keep_alive{30};
};

struct TcpClient {
  std::string peer;  ///< "192.168.1.7:51234"
  RunContext run;    ///< stops when the service does; no deadline
};

/// Thread-safe.
class TcpService {
 public:
  /// Runs on a thread of the client's own. The connection ends when it returns; what it throws is
  /// logged.
  using Handler = std::function<void(Socket&, const TcpClient&)>;

  /// Binds, listens and serves. Throws as open_listeners(), and Error(kBadRequest) for an address
  /// that other machines reach without leave.
  TcpService(TcpServiceOptions options, Handler handler);
  /// As stop().
  ~TcpService();
  TcpService(const TcpService&) = delete;
  TcpService& operator=(const TcpService&) = delete;

  std::vector<Endpoint> endpoints() const;
  /// Clients at the moment.
  int connections() const;

  /// Takes no new clients, asks the handlers to stop, waits for them. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::net
