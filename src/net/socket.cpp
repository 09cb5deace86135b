// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "os/system_error.hpp"

namespace hailstone::net {
namespace {

std::string text_of(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void throw_cannot_connect(const Address& address, const std::string& why) {
  throw ConnectionError(ConnectionError::Kind::kCannotConnect,
                        "cannot connect to " + to_string(address) + ": " + why);
}

/// One address to try.
struct Candidate {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

std::vector<Candidate> candidates_for(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (status != 0) throw_cannot_connect(endpoint, ::gai_strerror(status));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  std::vector<Candidate> candidates;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    Candidate& candidate = candidates.emplace_back();
    std::memcpy(&candidate.storage, info->ai_addr, info->ai_addrlen);
    candidate.size = info->ai_addrlen;
  }
  return candidates;
}

std::vector<Candidate> candidates_for(const UnixEndpoint& endpoint) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const std::string& path = endpoint.socket.native();
  if (path.size() >= sizeof(name.sun_path)) throw_cannot_connect(endpoint, "the path is too long");
  path.copy(name.sun_path, path.size());
  Candidate candidate;
  std::memcpy(&candidate.storage, &name, sizeof(name));
  candidate.size = sizeof(name);
  return {candidate};
}

}  // namespace

void Socket::StopWatch::Signal::operator()() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when the counter is full: the wait is awake then anyway.
  [[maybe_unused]] const auto written = ::write(fd, &one, sizeof(one));
}

Socket::Socket(os::UniqueFd fd, os::UniqueFd wake) noexcept
    : fd_(std::move(fd)), wake_(std::move(wake)) {}

Socket Socket::connect(const Address& address, const RunContext& run) {
  run.check();
  const auto candidates =
      std::visit([](const auto& value) { return candidates_for(value); }, address);
  int error = 0;
  for (const Candidate& candidate : candidates) {
    Socket socket(os::UniqueFd(::socket(candidate.storage.ss_family,
                                        SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
                  os::UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)));
    if (!socket.fd_ || !socket.wake_) {  // one family of addresses may be switched off
      error = errno;
      continue;
    }
    const StopWatch watch(socket, run);
    const int fd = socket.fd_.get();
    error = socket.start_connecting(reinterpret_cast<const sockaddr*>(&candidate.storage),
                                    candidate.size, run);
    if (error == EINPROGRESS) {
      socket.wait_for(POLLOUT, run);
      socklen_t size = sizeof(error);
      ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) continue;
    if (candidate.storage.ss_family != AF_UNIX) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    return socket;
  }
  throw_cannot_connect(address, text_of(error));
}

Socket Socket::adopt(os::UniqueFd fd) {
  os::UniqueFd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake) throw os::system_error("cannot make an event descriptor");
  return {std::move(fd), std::move(wake)};
}

/// 0 or the error.
int Socket::start_connecting(const sockaddr* name, socklen_t size, const RunContext& run) {
  while (::connect(fd_.get(), name, size) != 0) {
    // A unix socket whose queue is full; nothing can be polled for its getting shorter.
    if (errno != EAGAIN) return errno;
    run.check();
    pollfd wake{wake_.get(), POLLIN, 0};
    ::poll(&wake, 1, /*milliseconds=*/1);
  }
  return 0;
}

void Socket::wait_for(short events, const RunContext& run) const {
  std::array<pollfd, 2> fds{pollfd{wake_.get(), POLLIN, 0}, pollfd{fd_.get(), events, 0}};
  for (;;) {
    run.check();
    timespec wait{};
    if (!run.deadline.is_never()) {
      const auto left = run.deadline.remaining().count();
      wait.tv_sec = left / 1'000'000'000;
      wait.tv_nsec = left % 1'000'000'000;
    }
    const int ready =
        ::ppoll(fds.data(), fds.size(), run.deadline.is_never() ? nullptr : &wait, nullptr);
    if (ready > 0 && fds[0].revents == 0) return;
    if (ready < 0 && errno != EINTR) throw os::system_error("cannot wait for a connection");
  }
}

bool Socket::write_all(std::string_view data, const StopWatch& watch) {
  while (!data.empty()) {
    const auto count = ::send(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      data.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      wait_for(POLLOUT, watch.run());
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

std::size_t Socket::read_some(std::span<char> into, const StopWatch& watch) {
  for (;;) {
    wait_for(POLLIN, watch.run());
    const auto count = ::recv(fd_.get(), into.data(), into.size(), 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) return 0;
  }
}

void Socket::part(std::chrono::milliseconds patience) noexcept {
  ::shutdown(fd_.get(), SHUT_WR);
  const Deadline end = Deadline::in(patience);
  std::array<char, 4096> forgotten{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end.remaining()).count();
    pollfd readable{fd_.get(), POLLIN, 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) return;
    if (::recv(fd_.get(), forgotten.data(), forgotten.size(), 0) <= 0) return;
  }
}

bool Socket::is_idle() const noexcept {
  char byte = 0;
  return ::recv(fd_.get(), &byte, 1, MSG_PEEK) < 0 && errno == EAGAIN;
}

}  // namespace hailstone::net
