// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sockets that wait for clients.

#include <functional>
#include <vector>

#include "base/endpoint.hpp"
#include "http/loop/connection.hpp"

namespace hailstone::http {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

/// Binds and listens on all addresses of the endpoint's host. Throws Error(kConflict) naming an
/// address that is taken, Error(kForbidden) for a port that needs more rights, Error(kBadRequest)
/// for a host that is none of ours.
std::vector<Acceptor> open_acceptors(boost::asio::io_context& io, const Endpoint& endpoint);

/// What is really bound.
Endpoint bound_endpoint(const Acceptor& acceptor);

}  // namespace hailstone::http
