// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace hailstone::net {
namespace {

struct Name {
  sockaddr_storage storage{};
  socklen_t size = 0;

  int family() const noexcept { return storage.ss_family; }
  const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  void set_port(std::uint16_t port) noexcept {
    const bool is_v6 = family() == AF_INET6;
    if (is_v6) reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port = htons(port);
    if (!is_v6) reinterpret_cast<sockaddr_in*>(&storage)->sin_port = htons(port);
  }
  bool operator==(const Name& other) const noexcept {
    return size == other.size && std::memcmp(&storage, &other.storage, size) == 0;
  }
};

std::string text_of(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void refuse_host(const Endpoint& endpoint, const std::string& why) {
  throw Error(ErrorCode::kBadRequest,
              "cannot listen on " + to_string(endpoint) + ": no such host (" + why + ")",
              "0.0.0.0 means every address of this machine, 127.0.0.1 means itself alone");
}

[[noreturn]] void refuse(const Endpoint& endpoint, int error) {
  const auto what = "cannot listen on " + to_string(endpoint) + ": ";
  if (error == EADDRINUSE) {
    throw Error(ErrorCode::kConflict, what + "another program listens there",
                "stop it, or choose another port");
  }
  if (error == EACCES) {
    throw Error(ErrorCode::kForbidden, what + "ports below 1024 need more rights",
                "choose another port");
  }
  throw Error(ErrorCode::kBadRequest, what + text_of(error));
}

std::vector<Name> resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (status != 0) refuse_host(endpoint, ::gai_strerror(status));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::vector<Name> names;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    Name name;
    std::memcpy(&name.storage, info->ai_addr, info->ai_addrlen);
    name.size = info->ai_addrlen;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

int open(const Name& name, os::UniqueFd& fd) {
  fd.reset(::socket(name.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // Else [::] would take the port of 0.0.0.0 as well, or be refused by it.
  const bool is_v6 = name.family() == AF_INET6;
  if (is_v6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  if (::bind(fd.get(), name.get(), name.size) != 0) return errno;
  return ::listen(fd.get(), SOMAXCONN) == 0 ? 0 : errno;
}

Endpoint bound_endpoint(int fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return endpoint_of(name, size);
}

// A machine without IPv6 has names that stand for ::1 all the same.
bool is_not_here(int error) noexcept {
  return error == EADDRNOTAVAIL || error == EAFNOSUPPORT;
}

}  // namespace

Endpoint endpoint_of(const sockaddr_storage& name, socklen_t size) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  const int status =
      ::getnameinfo(reinterpret_cast<const sockaddr*>(&name), size, host.data(), host.size(),
                    port.data(), port.size(), NI_NUMERICHOST | NI_NUMERICSERV);
  if (status != 0) return {"unknown", 0};
  return {host.data(), static_cast<std::uint16_t>(std::atoi(port.data()))};
}

std::vector<ListeningSocket> open_listeners(const Endpoint& endpoint) {
  std::vector<ListeningSocket> sockets;
  auto port = endpoint.port;
  int last = EADDRNOTAVAIL;
  for (auto& name : resolve(endpoint)) {
    name.set_port(port);
    ListeningSocket socket;
    if (const int error = open(name, socket.fd); error != 0) {
      if (!is_not_here(error)) refuse(endpoint, error);
      last = error;
      continue;
    }
    socket.endpoint = bound_endpoint(socket.fd.get());
    port = socket.endpoint.port;  // one number for all, where the system chose it
    sockets.push_back(std::move(socket));
  }
  if (sockets.empty()) refuse(endpoint, last);
  return sockets;
}

ListeningSocket adopt_listener(os::UniqueFd fd) {
  const auto option = [&fd](int name) {
    int value = -1;
    socklen_t size = sizeof(value);
    return ::getsockopt(fd.get(), SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
  };
  const int domain = option(SO_DOMAIN);
  const bool is_tcp = (domain == AF_INET || domain == AF_INET6) && option(SO_TYPE) == SOCK_STREAM;
  if (!is_tcp || option(SO_ACCEPTCONN) != 1) {
    throw Error(ErrorCode::kBadRequest,
                "descriptor " + std::to_string(fd.get()) + " is no listening TCP socket",
                "ListenStream=HOST:PORT in the socket unit makes one");
  }
  const int flags = ::fcntl(fd.get(), F_GETFL);
  if (flags < 0 || ::fcntl(fd.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    throw Error(ErrorCode::kInternal, "a socket cannot be set up: " + text_of(errno));
  }
  const auto endpoint = bound_endpoint(fd.get());
  return {std::move(fd), endpoint};
}

}  // namespace hailstone::net
