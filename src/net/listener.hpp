// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sockets that wait for clients, for all that is served here: HTTP and plain TCP by one set of
// rules.

#include <sys/socket.h>

#include <vector>

#include "base/endpoint.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::net {

struct ListeningSocket {
  os::UniqueFd fd;    ///< does not block
  Endpoint endpoint;  ///< what is really bound: an address, and the port that the system chose
};

/// As a numeric address.
Endpoint endpoint_of(const sockaddr_storage& name, socklen_t size);

/// Binds and listens on all addresses of the endpoint's host, with one port. Blocks where a name
/// has to be looked up. Throws Error(kConflict) naming an address that is taken, Error(kForbidden)
/// for a port that needs more rights, Error(kBadRequest) for a host that is none of ours.
std::vector<ListeningSocket> open_listeners(const Endpoint& endpoint);

/// One that another program has opened for us, such as systemd. Throws Error(kBadRequest) for a
/// descriptor that is no listening TCP socket.
ListeningSocket adopt_listener(os::UniqueFd fd);

}  // namespace hailstone::net
