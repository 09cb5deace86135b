// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/listener.hpp"

#include <utility>

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
  std::vector<Acceptor> acceptors;
  for (auto& socket : net::open_listeners(endpoint)) {
    acceptors.push_back(make_acceptor(io, std::move(socket)));
  }
  return acceptors;
}

Acceptor make_acceptor(boost::asio::io_context& io, net::ListeningSocket socket) {
  using boost::asio::ip::tcp;
  const bool is_v6 = socket.endpoint.host.find(':') != std::string::npos;
  return {io, is_v6 ? tcp::v6() : tcp::v4(), socket.fd.release()};
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
