// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// URLs as far as a transfer needs them: where one leads, and whether we may go there.

#include <optional>
#include <string>

#include "core/registry/registry.hpp"

struct sockaddr;

namespace hailstone::core {

struct Url {
  std::string text;
  std::string scheme;  ///< lower case
  std::string host;    ///< with its port, if it names one
  std::string name;    ///< without it
  /// A server of the world has led here: whatever the name means, it is to be in the world, too.
  bool is_world_only = false;
};

/// http and https only. Throws Error(kBadRequest).
Url parse_url(const std::string& text);

/// How far away an address is. A redirect never leads closer than it came from: a server of the
/// world has no business with the router or the printer.
enum class Reach { kMachine, kNeighbourhood, kWorld };

/// Of what a name has become; what is no address of the internet's is this machine's.
Reach reach_of(const sockaddr& address) noexcept;

/// The same of a number; nothing where it is none.
std::optional<Reach> find_reach(const std::string& number) noexcept;

/// True for localhost and the numbers of this machine itself.
bool is_loopback(const Url& url);

/// Plain HTTP gives what is sent to everybody on the way. Throws Error(kForbidden).
void require_allowed(const Url& url, Security security);

/// Where a redirect leads, relative or not. Throws Error(kForbidden) for a way from the net to
/// plain HTTP, back to this machine, or (unless insecure ways were asked for) to a private or
/// link-local address.
/// peer: where the one that redirects was found, if that is known. One in the world leads to nobody
/// who is closer (unless insecure ways were asked for), whatever the name is going to mean.
Url follow(const Url& from, const std::string& location, Security security,
           std::optional<Reach> peer = std::nullopt);

/// Percent-encoded, for a query.
std::string encode(const std::string& text);

}  // namespace hailstone::core
