// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sockets that wait for clients.

#include <vector>

#include "base/endpoint.hpp"
#include "http/loop/hub.hpp"
#include "net/listener.hpp"

namespace hailstone::http {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

/// As net::open_listeners().
std::vector<Acceptor> open_acceptors(boost::asio::io_context& io, const Endpoint& endpoint);

Acceptor make_acceptor(boost::asio::io_context& io, net::ListeningSocket socket);

/// Of a client that has been accepted. It may be gone already: then its addresses are unspecified.
Ends ends_of(const Socket& socket);

/// What is really bound.
Endpoint bound_endpoint(const Acceptor& acceptor);

}  // namespace hailstone::http
