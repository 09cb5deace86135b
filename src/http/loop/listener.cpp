// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/listener.hpp"

#include <algorithm>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <utility>

#include "base/error.hpp"

namespace hailstone::http {
namespace {

namespace asio = boost::asio;
using Address = asio::ip::address;
using boost::system::error_code;

std::vector<Address> resolve(asio::io_context& io, const Endpoint& endpoint) {
  error_code error;
  if (const auto literal = asio::ip::make_address(endpoint.host, error); !error) return {literal};
  asio::ip::tcp::resolver resolver(io);
  const auto found = resolver.resolve(endpoint.host, "", asio::ip::tcp::resolver::passive, error);
  std::vector<Address> addresses;
  for (const auto& entry : found) {
    const auto address = entry.endpoint().address();
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
      addresses.push_back(address);
    }
  }
  if (error || addresses.empty()) {
    throw Error(
        ErrorCode::kBadRequest,
        "cannot listen on " + to_string(endpoint) + ": no such host (" + error.message() + ")",
        "0.0.0.0 means every address of this machine, 127.0.0.1 means itself alone");
  }
  return addresses;
}

[[noreturn]] void refuse(const Endpoint& endpoint, const error_code& error) {
  const auto what = "cannot listen on " + to_string(endpoint) + ": ";
  if (error.value() == EADDRINUSE) {
    throw Error(ErrorCode::kConflict, what + "another program listens there",
                "stop it, or choose another port");
  }
  if (error.value() == EACCES) {
    throw Error(ErrorCode::kForbidden, what + "ports below 1024 need more rights",
                "choose another port");
  }
  throw Error(ErrorCode::kBadRequest, what + error.message());
}

error_code open(Acceptor& acceptor, const asio::ip::tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  // Else [::] would take the port of 0.0.0.0 as well, or be refused by it.
  const bool is_v6 = endpoint.address().is_v6();
  if (!error && is_v6) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(Acceptor::max_listen_connections, error);
  return error;
}

// A machine without IPv6 has names that stand for ::1 all the same.
bool is_not_here(const error_code& error) noexcept {
  return error.value() == EADDRNOTAVAIL || error.value() == EAFNOSUPPORT;
}

}  // namespace

std::vector<Acceptor> open_acceptors(asio::io_context& io, const Endpoint& endpoint) {
  std::vector<Acceptor> acceptors;
  auto port = endpoint.port;
  error_code last;
  for (const auto& address : resolve(io, endpoint)) {
    Acceptor acceptor(io);
    const auto error = open(acceptor, {address, port});
    if (error) {
      if (!is_not_here(error)) refuse(endpoint, error);
      last = error;
      continue;
    }
    port = acceptor.local_endpoint().port();  // one number for all, where the system chose it
    acceptors.push_back(std::move(acceptor));
  }
  if (acceptors.empty()) refuse(endpoint, last);
  return acceptors;
}

Endpoint bound_endpoint(const Acceptor& acceptor) {
  const auto endpoint = acceptor.local_endpoint();
  return {endpoint.address().to_string(), endpoint.port()};
}

}  // namespace hailstone::http
