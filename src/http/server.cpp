// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

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
#include "http/pipeline/site.hpp"
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

PoolLimits pool_limits(const ServerOptions& options) {
  PoolLimits limits;
  limits.max_workers = options.max_workers;
  limits.work = {options.max_work, options.max_batch};
  limits.max_queue = options.max_queue;
  return limits;
}

WorkLimits limits_at(Pace pace, const ServerOptions& options) noexcept {
  switch (pace) {
    case Pace::kLessBatch:
      return {options.max_work, std::min(options.max_batch, 1)};
    case Pace::kNoBatch:
      return {options.max_work, 0};
    case Pace::kNoWork:
      return {0, 0};
    default:
      return {options.max_work, options.max_batch};
  }
}

}  // namespace

/// What is not said to be otherwise happens on the loop's thread.
struct Server::Impl final : Hub {
  Impl(ServerOptions options, Router router, core::Metrics& metrics);
  ~Impl() override;  // NOLINT(bugprone-exception-escape): see below

  // On the caller's thread, not the loop's.
  void drain(std::chrono::seconds limit);
  void set_pace(Pace pace, std::optional<Error> refusal);
  QueueFigures queue() const { return pool_.queue(); }
  bool turns_within(std::chrono::milliseconds limit);

  std::vector<Endpoint> bound;

 private:
  Site& site() noexcept override { return site_; }
  WorkerPool& pool() noexcept override { return pool_; }
  SessionThreads& sessions() noexcept override { return sessions_; }
  void adopt(std::shared_ptr<Client> client) override;
  void on_closed(Client& client) override;

  void listen();
  void run();
  void accept(Acceptor& acceptor);
  void on_accept(Acceptor& acceptor, const error_code& error, Socket socket);
  void accept_later(Acceptor& acceptor, const error_code& error);
  bool make_place();
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
  SessionThreads sessions_;
  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_ = asio::make_work_guard(io_);
  std::list<Acceptor> acceptors_;
  asio::steady_timer ticker_{io_};
  bool is_ticking_ = false;
  bool is_short_of_descriptors_ = false;
  std::unordered_map<Client*, std::shared_ptr<Client>> connections_;

  std::mutex mutex_;
  std::condition_variable emptied_;
  std::size_t open_ = 0;  // connections_.size()
  std::thread thread_;
};

Server::Impl::Impl(ServerOptions options, Router router, core::Metrics& metrics)
    : site_(std::move(options), std::move(router), metrics),
      pool_(pool_limits(site_.options)),
      sessions_(site_.options.max_sessions) {
  listen();
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
  pool_.stop();  // while the loop still runs: the last handlers may have something to send
  work_.reset();
  io_.stop();
  thread_.join();
}

void Server::Impl::listen() {
  const auto add = [this](const Endpoint& endpoint) {
    for (auto& acceptor : open_acceptors(io_, endpoint)) {
      bound.push_back(bound_endpoint(acceptor));
      acceptors_.push_back(std::move(acceptor));
    }
  };
  for (const auto& endpoint : site_.options.listen) add(endpoint);
  for (const auto& endpoint : site_.options.optional_listen) {
    try {
      add(endpoint);
    } catch (const Error& error) {  // the caller has said that it can do without
      log::warning("http", "a port stays closed", {{"reason", error.what()}});
    }
  }
  for (auto& acceptor : acceptors_) accept(acceptor);
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

void Server::Impl::accept(Acceptor& acceptor) {
  acceptor.async_accept([this, &acceptor](const error_code& error, Socket socket) {
    on_accept(acceptor, error, std::move(socket));
  });
}

void Server::Impl::on_accept(Acceptor& acceptor, const error_code& error, Socket socket) {
  if (!acceptor.is_open()) return;
  const bool is_short = error == asio::error::no_descriptors || error.value() == ENFILE ||
                        error.value() == ENOBUFS || error.value() == ENOMEM;
  if (is_short) return accept_later(acceptor, error);
  is_short_of_descriptors_ = false;
  if (!error) {
    const bool has_place = make_place();
    if (!has_place) site_.metrics.refused_connections.add();
    const auto most = static_cast<std::size_t>(site_.options.max_connections) + kTurnedAwayAtOnce;
    if (has_place || connections_.size() < most) {
      const auto connection = std::make_shared<Connection>(*this, std::move(socket));
      adopt(connection);
      has_place ? connection->start() : connection->turn_away();
    }
  }
  accept(acceptor);
}

void Server::Impl::accept_later(Acceptor& acceptor, const error_code& error) {
  if (!std::exchange(is_short_of_descriptors_, true)) {
    log::warning("http", "cannot accept connections", {{"reason", error.message()}});
  }
  const auto timer = std::make_shared<asio::steady_timer>(io_, kAcceptPause);
  timer->async_wait([this, &acceptor, timer](const error_code&) {
    if (acceptor.is_open()) accept(acceptor);
  });
}

// A client that only keeps its connection for later gives way to one that wants something now.
bool Server::Impl::make_place() {
  if (connections_.size() < static_cast<std::size_t>(site_.options.max_connections)) return true;
  std::shared_ptr<Client> longest;
  auto since = SteadyTime::max();
  for (const auto& [pointer, connection] : connections_) {
    const auto idle = connection->idle_since();
    if (!idle || *idle >= since) continue;
    since = *idle;
    longest = connection;
  }
  if (longest == nullptr) return false;
  longest->close();
  return true;
}

void Server::Impl::count_connections() {
  site_.metrics.connections.set(static_cast<double>(connections_.size()));
  {
    const std::lock_guard lock(mutex_);
    open_ = connections_.size();
    if (open_ == 0) emptied_.notify_all();
  }
  // No clients, no wake-ups.
  if (!connections_.empty() && !std::exchange(is_ticking_, true)) tick();
}

void Server::Impl::adopt(std::shared_ptr<Client> client) {
  auto* const key = client.get();
  connections_.emplace(key, std::move(client));
  count_connections();
}

void Server::Impl::on_closed(Client& client) {
  connections_.erase(&client);
  count_connections();
}

void Server::Impl::tick() {
  site_.metrics.set_queue(pool_.queue());
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
  for (auto& acceptor : acceptors_) {
    error_code error;
    acceptor.close(error);
  }
}

void Server::Impl::on_loop(void (Impl::*call)()) {
  std::packaged_task<void()> task([this, call] { (this->*call)(); });
  const auto done = task.get_future();
  asio::post(io_, std::move(task));
  done.wait();
}

bool Server::Impl::wait_until_empty(std::chrono::seconds limit) {
  std::unique_lock lock(mutex_);
  const auto is_empty = [this] { return open_ == 0; };
  return emptied_.wait_for(lock, limit, is_empty);
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

void Server::Impl::set_pace(Pace pace, std::optional<Error> refusal) {
  site_.work_gate.set(std::move(refusal));
  pool_.set_work_limits(limits_at(pace, site_.options));
}

bool Server::Impl::turns_within(std::chrono::milliseconds limit) {
  const auto turned = std::make_shared<std::promise<void>>();  // we may have gone when it turns
  const auto has_turned = turned->get_future();
  asio::post(io_, [turned] { turned->set_value(); });
  return has_turned.wait_for(limit) == std::future_status::ready;
}

Server::Server(ServerOptions options, Router router, core::Metrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router), metrics)) {}

Server::~Server() = default;

std::vector<Endpoint> Server::endpoints() const {
  return impl_->bound;
}

void Server::set_pace(Pace pace, std::optional<Error> refusal) {
  impl_->set_pace(pace, std::move(refusal));
}

QueueFigures Server::queue() const {
  return impl_->queue();
}

bool Server::turns_within(std::chrono::milliseconds limit) {
  return impl_->turns_within(limit);
}

void Server::drain(std::chrono::seconds limit) {
  impl_->drain(limit);
}

}  // namespace hailstone::http
