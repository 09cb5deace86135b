// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/tcp_service.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "log/log.hpp"
#include "net/listener.hpp"
#include "os/system_error.hpp"
#include "os/thread_name.hpp"

namespace hailstone::net {
namespace {

/// Out of descriptors or threads: some will be free again soon.
constexpr int kAcceptPauseMs = 100;

void refuse_open_doors(const TcpServiceOptions& options) {
  if (options.allow_public) return;
  for (const auto& endpoint : options.listen) {
    if (is_loopback(endpoint.host)) continue;
    throw Error(ErrorCode::kBadRequest,
                options.name + ": other machines can reach " + to_string(endpoint) +
                    ", and this protocol knows no API key",
                "listen on 127.0.0.1, or allow everybody with --public");
  }
}

// A client whose machine was switched off says nothing any more: the kernel asks it, and gives up
// on what it does not acknowledge.
void expect_signs_of_life(int fd, std::chrono::seconds keep_alive) {
  const int on = 1;
  const int idle = std::max(1, static_cast<int>(keep_alive.count()));
  const int interval = std::max(1, idle / 3);
  const int probes = 3;
  const auto patience = static_cast<unsigned>(2000 * idle);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
  ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
  ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof(patience));
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

struct TcpService::Impl {
  struct Connection {
    std::string address;
    std::stop_source stop;
    std::thread thread;
  };
  using Connections = std::list<Connection>;

  Impl(TcpServiceOptions given_options, Handler given_handler);
  void accept_clients();
  bool wait_for_clients(std::vector<pollfd>& fds, int milliseconds) const;
  bool accept_one(int listener);
  bool has_place(const std::string& address) const;
  void start(os::UniqueFd fd, const Endpoint& peer);
  void serve(Connections::iterator self, Socket socket, const TcpClient& client);
  void join_ended();
  void stop();

  const TcpServiceOptions options;
  const Handler handler;
  std::vector<ListeningSocket> listeners;
  os::UniqueFd wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  std::thread acceptor;

  mutable std::mutex mutex;
  Connections running;
  Connections ended;  // to be joined
  unsigned started = 0;
  bool is_stopping = false;
};

TcpService::Impl::Impl(TcpServiceOptions given_options, Handler given_handler)
    : options(std::move(given_options)), handler(std::move(given_handler)) {
  if (!wake) throw os::system_error("cannot make an event descriptor");
  refuse_open_doors(options);
  for (const auto& endpoint : options.listen) {
    for (auto& socket : open_listeners(endpoint)) listeners.push_back(std::move(socket));
  }
  acceptor = std::thread([this] {
    os::set_thread_name(options.name.c_str());
    accept_clients();
  });
}

bool TcpService::Impl::wait_for_clients(std::vector<pollfd>& fds, int milliseconds) const {
  while (::poll(fds.data(), fds.size(), milliseconds) < 0 && errno == EINTR) {
  }
  return fds.front().revents == 0;  // else we are to stop
}

void TcpService::Impl::accept_clients() {
  std::vector<pollfd> fds{{wake.get(), POLLIN, 0}};
  for (const auto& listener : listeners) fds.push_back({listener.fd.get(), POLLIN, 0});
  std::vector<pollfd> only_wake{{wake.get(), POLLIN, 0}};
  while (wait_for_clients(fds, /*milliseconds=*/-1)) {
    bool has_means = true;
    for (std::size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents != 0) has_means = accept_one(fds[i].fd) && has_means;
    }
    join_ended();
    if (!has_means && !wait_for_clients(only_wake, kAcceptPauseMs)) return;
  }
}

// False for want of descriptors or threads.
bool TcpService::Impl::accept_one(int listener) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  os::UniqueFd fd(
      ::accept4(listener, reinterpret_cast<sockaddr*>(&name), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd) {
    return errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM;
  }
  const auto peer = endpoint_of(name, size);
  if (!has_place(peer.host)) {
    log::warning(options.name, "a client found no place", {{"peer", to_string(peer)}});
    return true;
  }
  expect_signs_of_life(fd.get(), options.keep_alive);
  try {
    start(std::move(fd), peer);
  } catch (const std::exception& error) {  // no descriptor, or no thread
    log::warning(options.name, "no means for a client", {{"reason", error.what()}});
    return false;
  }
  return true;
}

bool TcpService::Impl::has_place(const std::string& address) const {
  const std::lock_guard lock(mutex);
  if (running.size() >= static_cast<std::size_t>(options.max_connections)) return false;
  if (is_loopback(address)) return true;
  const auto same = std::count_if(running.begin(), running.end(),
                                  [&](const auto& one) { return one.address == address; });
  return same < options.max_per_address;
}

void TcpService::Impl::start(os::UniqueFd fd, const Endpoint& peer) {
  auto socket = Socket::adopt(std::move(fd));
  const std::lock_guard lock(mutex);
  const auto self = running.emplace(running.end());
  self->address = peer.host;
  const TcpClient client{to_string(peer), {Deadline::never(), self->stop.get_token()}};
  const auto name = options.name + "-" + std::to_string(++started);
  try {
    self->thread = std::thread([this, self, name, client, socket = std::move(socket)]() mutable {
      os::set_thread_name(name.c_str());
      serve(self, std::move(socket), client);
    });
  } catch (...) {
    running.erase(self);
    throw;
  }
}

void TcpService::Impl::serve(Connections::iterator self, Socket socket, const TcpClient& client) {
  {
    Socket own = std::move(socket);  // closed before the client counts as gone
    try {
      handler(own, client);
    } catch (...) {  // the top of this thread
      const auto error = current_error();
      const bool is_end = error.code() == ErrorCode::kCancelled;
      if (!is_end) {
        log::warning(options.name, "a client's connection failed",
                     {{"peer", client.peer}, {"error", error.what()}});
      }
    }
  }
  const std::lock_guard lock(mutex);
  // stop() may be joining this thread already; then it is in neither list.
  if (!is_stopping) ended.splice(ended.end(), running, self);
}

void TcpService::Impl::join_ended() {
  Connections done;
  {
    const std::lock_guard lock(mutex);
    done.swap(ended);
  }
  for (auto& one : done) one.thread.join();
}

void TcpService::Impl::stop() {
  if (acceptor.joinable()) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof(one));
    acceptor.join();
  }
  listeners.clear();
  Connections last;
  {
    const std::lock_guard lock(mutex);
    is_stopping = true;
    last.swap(running);
  }
  for (auto& one : last) one.stop.request_stop();
  for (auto& one : last) one.thread.join();
  join_ended();
}

TcpService::TcpService(TcpServiceOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}

TcpService::~TcpService() {
  impl_->stop();
}

std::vector<Endpoint> TcpService::endpoints() const {
  std::vector<Endpoint> endpoints;
  for (const auto& listener : impl_->listeners) endpoints.push_back(listener.endpoint);
  return endpoints;
}

int TcpService::connections() const {
  const std::lock_guard lock(impl_->mutex);
  return static_cast<int>(impl_->running.size());
}

void TcpService::stop() {
  impl_->stop();
}

}  // namespace hailstone::net
