// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <condition_variable>
#include <future>
#include <list>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/error.hpp"
#include "http/loop/connection.hpp"
#include "http/loop/listener.hpp"
#include "http/loop/worker_pool.hpp"
#include "http/pipeline/access_rules.hpp"
#include "http/pipeline/site.hpp"
#include "http/tls/tls_identity.hpp"
#include "http/tls/tls_relay.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds kTick{250};
/// Out of descriptors: some will be free again soon.
constexpr std::chrono::milliseconds kAcceptPause{100};
/// For handlers to notice that they are asked to stop.
constexpr std::chrono::seconds kStopGrace{2};
/// Beyond max_connections, so many clients are told that there is no place; others just hang up.
constexpr std::size_t kTurnedAwayAtOnce = 64;

constexpr std::chrono::seconds kForever{1'000'000};

/// Of the descriptors that this process may have, what engines, models and downloads need at least.
constexpr rlim_t kOtherDescriptors = 64;

/// Where there are few descriptors (ulimit -n), connections leave some to the rest.
ServerOptions fitting(ServerOptions options) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return options;
  const auto others = std::max(kOtherDescriptors, limit.rlim_cur / 4);
  auto left = limit.rlim_cur > others ? limit.rlim_cur - others : 0;
  if (!options.tls_listen.empty()) left /= 3;  // a relay has two ends of its own
  const auto most = static_cast<int>(std::clamp<rlim_t>(left, 8, 1 << 20));
  if (options.max_connections <= most) return options;
  log::warning(
      "http", "fewer connections than the setting allows: descriptors are few",
      {{"connections", std::to_string(most)}, {"descriptors", std::to_string(limit.rlim_cur)}});
  options.max_connections = most;
  return options;
}

PoolLimits pool_limits(const ServerOptions& options) {
  PoolLimits limits;
  limits.max_workers = options.max_workers;
  limits.max_work = options.max_work;
  return limits;
}

PoolLimits long_limits(const ServerOptions& options) {
  PoolLimits limits;
  limits.max_workers = options.max_long;
  limits.thread_name = "long";
  return limits;
}

}  // namespace

/// What is not said to be otherwise happens on the loop's thread.
struct Server::Impl final : Hub {
  Impl(ServerOptions options, Router router, core::Metrics& metrics, GivenSockets given);
  ~Impl() override;  // NOLINT(bugprone-exception-escape): see below

  // On the caller's thread, not the loop's.
  void drain(std::chrono::seconds limit);
  bool turns_within(std::chrono::milliseconds limit);

  std::vector<Endpoint> bound;
  std::vector<Endpoint> tls_bound;

 private:
  /// Where clients come in.
  struct Door {
    Acceptor acceptor;
    bool is_secure;
  };

  Site& site() noexcept override { return site_; }
  WorkerPool& pool(Cost cost) noexcept override { return cost == Cost::kLong ? long_pool_ : pool_; }
  SessionThreads& sessions() noexcept override { return sessions_; }
  void adopt(std::shared_ptr<Client> client) override;
  void on_closed(Client& client) override;

  void listen(GivenSockets given);
  void run();
  void open_doors(const Endpoint& endpoint, bool is_secure);
  void add_door(Acceptor acceptor, bool is_secure);
  void accept(Door& door);
  void on_accept(Door& door, const error_code& error, Socket socket);
  void accept_later(Door& door, const error_code& error);
  void relay(Socket socket, const Ends& ends);
  bool make_place();
  bool is_crowd(const std::string& address) const;
  void forget(const std::string& address);
  void admit(std::shared_ptr<Connection> connection);
  void count_connections();
  void tick();

  void for_each(void (Client::*call)());
  void stop_accepting();
  void close_soon() { for_each(&Client::close_soon); }
  void stop_requests() { for_each(&Client::stop_request); }
  void close_all() { for_each(&Client::close); }
  // From other threads: waits until the loop has done it.
  void on_loop(void (Impl::*call)());
  bool wait_until_empty(std::chrono::seconds limit);

  Site site_;
  WorkerPool pool_;
  WorkerPool long_pool_;
  SessionThreads sessions_;
  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_ = asio::make_work_guard(io_);
  std::list<Door> doors_;
  std::optional<TlsIdentity> identity_;
  asio::steady_timer ticker_{io_};
  bool is_ticking_ = false;
  bool is_short_of_descriptors_ = false;
  std::unordered_map<Client*, std::shared_ptr<Client>> connections_;
  std::unordered_map<std::string, int> by_address_;  // of connections_, and of TLS handshakes
  std::size_t relays_ = 0;
  std::size_t ready_relays_ = 0;  // of these, with a connection behind them

  Mutex mutex_;
  std::condition_variable emptied_;
  std::size_t open_ = 0;  // connections_ and ready_relays_
  std::thread thread_;
};

Server::Impl::Impl(ServerOptions options, Router router, core::Metrics& metrics, GivenSockets given)
    : site_(fitting(std::move(options)), std::move(router), metrics),
      pool_(pool_limits(site_.options)),
      long_pool_(long_limits(site_.options)),
      sessions_(site_.options.max_sessions) {
  listen(std::move(given));
  thread_ = std::thread([this] {
    os::set_thread_name("http");
    run();
  });
}

// Nothing here throws but for want of memory, and without its loop stopped nothing can go on.
// NOLINTNEXTLINE(bugprone-exception-escape)
Server::Impl::~Impl() {
  on_loop(&Impl::stop_accepting);
  on_loop(&Impl::close_all);
  wait_until_empty(kForever);
  sessions_.stop();
  long_pool_.stop();
  pool_.stop();  // while the loop still runs: the last handlers may have something to send
  work_.reset();
  io_.stop();
  thread_.join();
}

void Server::Impl::listen(GivenSockets given) {
  const auto& options = site_.options;
  if (!options.tls_listen.empty() || !given.secure.empty()) identity_.emplace(options.tls);
  for (auto& socket : given.plain) add_door(make_acceptor(io_, std::move(socket)), false);
  for (auto& socket : given.secure) add_door(make_acceptor(io_, std::move(socket)), true);
  for (const auto& endpoint : options.listen) open_doors(endpoint, false);
  for (const auto& endpoint : options.tls_listen) open_doors(endpoint, true);
  for (const auto& endpoint : options.optional_listen) {
    try {
      open_doors(endpoint, false);
    } catch (const Error& error) {  // the caller has said that it can do without
      log::warning("http", "a port stays closed", {{"reason", error.what()}});
    }
  }
  if (options.redirect_to_https) {
    if (tls_bound.empty()) throw Error(ErrorCode::kBadRequest, "tls_redirect needs tls_listen");
    site_.https_port = tls_bound.front().port;
  }
  for (auto& door : doors_) accept(door);
}

void Server::Impl::open_doors(const Endpoint& endpoint, bool is_secure) {
  for (auto& acceptor : open_acceptors(io_, endpoint)) add_door(std::move(acceptor), is_secure);
}

void Server::Impl::add_door(Acceptor acceptor, bool is_secure) {
  (is_secure ? tls_bound : bound).push_back(bound_endpoint(acceptor));
  doors_.push_back({std::move(acceptor), is_secure});
}

// The top of the loop's thread: what escapes from one connection must not end the others.
void Server::Impl::run() {
  for (bool is_done = false; !is_done;) {
    try {
      io_.run();
      is_done = true;
    } catch (...) {
      const auto error = current_error();
      log::error("http", "the event loop caught an error",
                 {{"error", error.what()}, {"detail", error.detail()}});
    }
  }
}

void Server::Impl::accept(Door& door) {
  door.acceptor.async_accept([this, &door](const error_code& error, Socket socket) {
    on_accept(door, error, std::move(socket));
  });
}

void Server::Impl::on_accept(Door& door, const error_code& error, Socket socket) {
  const bool is_closed = !door.acceptor.is_open();
  if (error && is_closed) return;
  const bool is_short = error == asio::error::no_descriptors || error.value() == ENFILE ||
                        error.value() == ENOBUFS || error.value() == ENOMEM;
  if (is_short) return accept_later(door, error);
  is_short_of_descriptors_ = false;
  if (!error) {
    error_code ignored;  // a client may be gone already: then the first read tells
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto ends = ends_of(socket);
    ends.is_secure = door.is_secure;
    if (door.is_secure) {
      relay(std::move(socket), ends);
    } else {
      admit(std::make_shared<Connection>(*this, std::move(socket), ends));
    }
  }
  if (!is_closed) accept(door);  // else it was accepted before, and is the last one
}

// Until it has shown that it speaks TLS, a client counts for its machine alone. Who finds no place
// here is not told so: the handshake would be the work that there is no place for.
void Server::Impl::relay(Socket socket, const Ends& ends) {
  const auto most = static_cast<std::size_t>(site_.options.max_connections);
  if (relays_ >= most + kTurnedAwayAtOnce || is_crowd(ends.peer.host)) {
    return site_.metrics.refused_connections.add();
  }
  const auto is_waiting = std::make_shared<bool>(true);  // of both that it tells
  ++by_address_[ends.peer.host];
  ++relays_;
  TlsRelay options{site_.options.header_timeout, site_.options.write_timeout, {}, {}};
  options.on_ready = [this, is_waiting, ends](Socket plain) {
    *is_waiting = false;
    forget(ends.peer.host);
    ++ready_relays_;
    admit(std::make_shared<Connection>(*this, std::move(plain), ends));
  };
  options.on_end = [this, is_waiting, address = ends.peer.host] {
    if (*is_waiting) forget(address);
    if (!*is_waiting) --ready_relays_;
    --relays_;
    count_connections();
  };
  start_relay(std::move(socket), identity_->context(), std::move(options));
}

void Server::Impl::admit(std::shared_ptr<Connection> connection) {
  const auto most = static_cast<std::size_t>(site_.options.max_connections);
  const bool is_crowded = is_crowd(connection->address());
  const bool has_place = !is_crowded && (connections_.size() < most || make_place());
  if (!has_place) site_.metrics.refused_connections.add();
  if (!has_place && connections_.size() >= most + kTurnedAwayAtOnce) return;
  adopt(connection);
  if (has_place) return connection->start();
  connection->turn_away(is_crowded ? "too many connections of one machine"
                                   : "too many connections");
}

// One machine must not take the places of all others; who speaks for many may.
bool Server::Impl::is_crowd(const std::string& address) const {
  const auto found = by_address_.find(address);
  if (found == by_address_.end() || found->second < site_.options.max_per_address) return false;
  const auto& proxies = site_.options.trusted_proxies;
  return std::none_of(proxies.begin(), proxies.end(),
                      [&](const auto& pattern) { return matches_pattern(pattern, address); });
}

void Server::Impl::accept_later(Door& door, const error_code& error) {
  if (!std::exchange(is_short_of_descriptors_, true)) {
    log::warning("http", "cannot accept connections", {{"reason", error.message()}});
  }
  if (make_place()) return accept(door);
  const auto timer = std::make_shared<asio::steady_timer>(io_, kAcceptPause);
  timer->async_wait([this, &door, timer](const error_code&) {
    if (door.acceptor.is_open()) accept(door);
  });
}

// A client that only keeps its connection for later gives way to one that wants something now; and
// so does one that is not done with asking.
bool Server::Impl::make_place() {
  const auto now = system_clock().now();
  std::shared_ptr<Client> idle;
  std::shared_ptr<Client> dawdler;
  auto idle_since = SteadyTime::max();
  auto dawdling_since = SteadyTime::max();
  for (const auto& [pointer, client] : connections_) {
    if (const auto since = client->idle_since(); since && *since < idle_since) {
      idle_since = *since;
      idle = client;
    }
    if (const auto since = client->dawdling_since(now); since && *since < dawdling_since) {
      dawdling_since = *since;
      dawdler = client;
    }
  }
  const auto& chosen = idle != nullptr ? idle : dawdler;
  if (chosen == nullptr) return false;
  chosen->close();
  return true;
}

void Server::Impl::count_connections() {
  site_.metrics.connections.set(static_cast<double>(connections_.size()));
  {
    const MutexLock lock(mutex_);
    open_ = connections_.size() + ready_relays_;
    if (open_ == 0) emptied_.notify_all();
  }
  // No clients, no wake-ups.
  if (!connections_.empty() && !std::exchange(is_ticking_, true)) tick();
}

void Server::Impl::adopt(std::shared_ptr<Client> client) {
  auto* const key = client.get();
  ++by_address_[client->address()];
  connections_.emplace(key, std::move(client));
  count_connections();
}

void Server::Impl::forget(const std::string& address) {
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

void Server::Impl::on_closed(Client& client) {
  forget(client.address());
  connections_.erase(&client);
  count_connections();
}

void Server::Impl::tick() {
  is_ticking_ = !connections_.empty();
  if (!is_ticking_) return;
  ticker_.expires_after(kTick);
  ticker_.async_wait([this](const error_code& error) {
    if (error) return;
    const auto connections = connections_;  // some go while we look
    const auto now = system_clock().now();
    for (const auto& [pointer, connection] : connections) connection->check_timeouts(now);
    tick();
  });
}

void Server::Impl::for_each(void (Client::*call)()) {
  const auto connections = connections_;  // some go while we look
  for (const auto& [pointer, connection] : connections) ((*connection).*call)();
}

void Server::Impl::stop_accepting() {
  for (auto& door : doors_) {
    error_code error;
    door.acceptor.close(error);
  }
}

void Server::Impl::on_loop(void (Impl::*call)()) {
  std::packaged_task<void()> task([this, call] { (this->*call)(); });
  const auto done = task.get_future();
  asio::post(io_, std::move(task));
  done.wait();
}

bool Server::Impl::wait_until_empty(std::chrono::seconds limit) {
  UniqueLock lock(mutex_);
  const auto is_empty = [this] { return open_ == 0; };
  return emptied_.wait_for(lock.native(), limit, is_empty);
}

void Server::Impl::drain(std::chrono::seconds limit) {
  on_loop(&Impl::stop_accepting);
  on_loop(&Impl::close_soon);
  if (wait_until_empty(limit)) return;
  log::warning("http", "stopping requests that still run");
  on_loop(&Impl::stop_requests);
  if (wait_until_empty(kStopGrace)) return;
  on_loop(&Impl::close_all);
  wait_until_empty(kForever);
}

bool Server::Impl::turns_within(std::chrono::milliseconds limit) {
  const auto turned = std::make_shared<std::promise<void>>();  // we may have gone when it turns
  const auto has_turned = turned->get_future();
  asio::post(io_, [turned] { turned->set_value(); });
  return has_turned.wait_for(limit) == std::future_status::ready;
}

Server::Server(ServerOptions options, Router router, core::Metrics& metrics, GivenSockets given)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router), metrics,
                                   std::move(given))) {}

Server::~Server() = default;

std::vector<Endpoint> Server::endpoints() const {
  return impl_->bound;
}

std::vector<Endpoint> Server::tls_endpoints() const {
  return impl_->tls_bound;
}

bool Server::turns_within(std::chrono::milliseconds limit) {
  return impl_->turns_within(limit);
}

void Server::drain(std::chrono::seconds limit) {
  impl_->drain(limit);
}

}  // namespace hailstone::http
