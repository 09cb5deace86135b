// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTPS: between a client that speaks TLS and a connection that does not know of it stands a relay,
// which turns the bytes of one into those of the other. So requests, streams and WebSockets are the
// same on either kind of port; what it costs is a copy.

#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "http/loop/hub.hpp"

namespace hailstone::http {

struct TlsRelay {
  std::chrono::seconds handshake_limit;
  std::chrono::seconds write_limit;  ///< without the client reading a byte
  /// Gets our end once the client has shown that it speaks TLS.
  std::function<void(Socket plain)> on_ready;
  /// Once, when all is over; with or without on_ready before it.
  std::function<void()> on_end;
};

/// On the loop, as all that follows. A client that speaks plain HTTP is told where it is.
void start_relay(Socket client, std::shared_ptr<boost::asio::ssl::context> context, TlsRelay relay);

}  // namespace hailstone::http
