// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/listener.hpp"

#include "net/listener.hpp"

namespace hailstone::http {
namespace {

std::string address_text(const boost::asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

std::vector<Acceptor> open_acceptors(boost::asio::io_context& io, const Endpoint& endpoint) {
  using boost::asio::ip::tcp;
  std::vector<Acceptor> acceptors;
  for (auto& socket : net::open_listeners(endpoint)) {
    const bool is_v6 = socket.endpoint.host.find(':') != std::string::npos;
    acceptors.emplace_back(io, is_v6 ? tcp::v6() : tcp::v4(), socket.fd.release());
  }
  return acceptors;
}

Ends ends_of(const Socket& socket) {
  boost::system::error_code ignored;
  const auto peer = socket.remote_endpoint(ignored);
  const auto own = socket.local_endpoint(ignored);
  return {{address_text(peer.address()), peer.port()}, address_text(own.address())};
}

Endpoint bound_endpoint(const Acceptor& acceptor) {
  const auto endpoint = acceptor.local_endpoint();
  return {endpoint.address().to_string(), endpoint.port()};
}

}  // namespace hailstone::http
