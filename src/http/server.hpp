// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The HTTP server: one event loop thread that never blocks, and a bounded pool of workers on which
// handlers run and may block. What every request passes, and in which order, stands in
// pipeline/middleware.cpp.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "base/endpoint.hpp"
#include "http/router.hpp"
#include "net/listener.hpp"

namespace hailstone::core {
class Metrics;
}

namespace hailstone::http {

/// In PEM: a chain of certificates, the server's own first, and its key.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

struct ServerOptions {
  std::vector<Endpoint> listen;      ///< port 0: the system chooses, see endpoints()
  std::vector<Endpoint> tls_listen;  ///< the same over HTTPS
  TlsFiles tls;                      ///< needed for tls_listen
  /// Who asks over plain HTTP is sent to tls_listen, but for this machine and trusted_proxies.
  bool redirect_to_https = false;
  std::vector<Endpoint> optional_listen;     ///< where another program has it: a warning
  std::vector<std::string> api_keys;         ///< empty: no key needed
  std::vector<std::string> allowed_origins;  ///< besides the built-in local ones; "*": all
  std::vector<std::string> allowed_hosts;    ///< besides the built-in local ones; "*": all
  int max_workers =
      640;             ///< most of them only wait for their model; a thread that waits costs little
  int max_work = 608;  ///< workers that Cost::kWork may hold at once; the next gets 503
  int max_long = 64;   ///< threads of Cost::kLong; whoever comes then waits
  int max_connections = 1024;
  int max_per_address = 128;  ///< of these from one machine; proxies do not count
  /// Patterns of addresses that many clients come from.
  std::vector<std::string> trusted_proxies = {"127.*", "::1"};
  int max_sessions = 64;  ///< WebSockets; each has a thread
  ByteSize max_header = ByteSize::kib(32);
  ByteSize max_buffered = ByteSize::mib(256);     ///< bodies in memory, of all requests together
  ByteSize max_unproven = ByteSize::mib(32);      ///< of these, whose key is not known yet
  ByteSize min_body_rate = ByteSize::bytes(256);  ///< a second, once rate_grace is over
  std::chrono::seconds rate_grace{20};
  std::chrono::seconds header_timeout{10};  ///< to receive a whole header
  std::chrono::seconds body_timeout{60};    ///< without a byte of the body
  std::chrono::seconds idle_timeout{120};   ///< between requests of a connection
  std::chrono::seconds write_timeout{60};   ///< without the client reading a byte
  /// A WebSocket that has been silent for so long is asked whether it lives; after as much again
  /// it is dropped.
  std::chrono::milliseconds ping_interval{20'000};
};

/// Sockets that were opened before us and outlive us: whoever holds them loses no client while we
/// are started anew.
struct GivenSockets {
  std::vector<net::ListeningSocket> plain;
  std::vector<net::ListeningSocket> secure;  ///< HTTPS; ServerOptions::tls is needed
};

class Server {
 public:
  /// Binds, listens and serves. Throws Error(kConflict) naming the address that is taken,
  /// Error(kForbidden) or Error(kBadRequest) for one that cannot be bound, or a certificate that
  /// cannot be used.
  Server(ServerOptions options, Router router, core::Metrics& metrics, GivenSockets given = {});
  /// Stops what still runs and waits for the handlers.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// What is really bound, ports filled in.
  std::vector<Endpoint> endpoints() const;
  /// Of HTTPS.
  std::vector<Endpoint> tls_endpoints() const;

  /// Whether the event loop takes up something new within the time. Blocks; from any thread but the
  /// loop's.
  bool turns_within(std::chrono::milliseconds limit);

  /// Takes no new connections and requests, lets running ones finish until the time is over, then
  /// stops them through their stop tokens. Blocks; idempotent. From any thread but a worker.
  void drain(std::chrono::seconds limit);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::http
