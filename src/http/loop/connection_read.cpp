// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// How a connection reads requests. The replies are in connection.cpp.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "http/loop/connection.hpp"
#include "http/loop/web_socket_connection.hpp"
#include "http/pipeline/middleware.hpp"

namespace hailstone::http {
namespace {

/// Of a streamed body, what may lie unread by the handler; and what is read of a socket at once.
constexpr std::size_t kMaxInbox = 256 << 10;
constexpr std::size_t kMaxRead = 64 << 10;
/// A whole body may take this many times body_timeout where its route has no time-out.
constexpr int kBodyPatience = 10;

SteadyTime now() noexcept {
  return system_clock().now();
}

Error queue_full() {
  return Error(ErrorCode::kBusy,
               "server busy, please try again.  maximum pending requests exceeded");
}

Error waited_too_long() {
  return Error(ErrorCode::kTimeout, "the request took too long");
}

Error too_many_sessions() {
  return Error(ErrorCode::kBusy, "server busy, please try again.  too many sessions at once")
      .set_retry_after(std::chrono::seconds(5));
}

Error too_early() {
  return Error(ErrorCode::kBadRequest,
               "a WebSocket's first frame comes after the answer to its upgrade");
}

}  // namespace

std::size_t Connection::input_limit() const noexcept {
  const bool wants_much = state_ == State::kBody || state_ == State::kLinger;
  return wants_much ? kMaxRead : hub_.site().options.max_header.count();
}

void Connection::read() {
  if (is_reading_ || is_at_eof_ || state_ == State::kClosed) return;
  if (in_.size() >= input_limit())
    return;  // it goes on when the requests before have been answered
  if (state_ == State::kBody && current_ == nullptr) {
    const MutexLock lock(mutex_);
    if (is_body_paused_) return;
  }
  if (in_.empty() && state_ != State::kBody) in_.release();
  const auto space = in_.prepare(input_limit(), state_ == State::kBody ? kMaxRead : 0);
  is_reading_ = true;
  socket_.async_read_some(
      boost::asio::buffer(space.data, space.size),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        self->on_read(error, size);
      });
}

void Connection::on_read(const boost::system::error_code& error, std::size_t size) {
  is_reading_ = false;
  if (state_ == State::kClosed) return;
  if (error) return on_client_gone(error);
  in_.commit(size);
  process();
}

void Connection::on_client_gone(const boost::system::error_code& error) {
  is_at_eof_ = true;
  {
    const MutexLock lock(mutex_);
    is_gone_ = true;
    changed_.notify_all();
  }
  // A client that has only closed its side may still read a reply that is on its way.
  const bool may_listen = error == boost::asio::error::eof;
  const bool is_replying = state_ == State::kReply || (state_ == State::kBody && !current_);
  if (!may_listen || !is_replying) return close();
  // What costs little is answered all the same: it may be "printf ... | nc".
  cancel_running(cost_ == Cost::kWork ? Waiting::kDrop : Waiting::kRun);
  advance();
}

void Connection::process() {
  while (step()) {
  }
  read();
}

// False where more bytes are needed.
bool Connection::step() {
  switch (state_) {
    case State::kIdle:
      while (!in_.empty() && (in_.bytes()[0] == '\r' || in_.bytes()[0] == '\n')) in_.consume(1);
      if (in_.empty()) return false;
      begin_request();
      return true;
    case State::kHeader:
      return parse_header();
    case State::kBody:
      return parse_body();
    case State::kReply: {
      if (in_.empty()) return false;
      if (settle()) return true;
      const MutexLock lock(mutex_);
      has_input_ = true;
      // It may have been done just now, and would not have told us.
      return is_reply_done_ && out_.empty() && after_ == After::kKeepAlive && !is_gone_;
    }
    case State::kLinger:
      in_.consume(in_.size());
      return false;
    case State::kClosed:
      return false;
  }
  return false;
}

void Connection::begin_request() {
  state_ = State::kHeader;
  has_asked_ = true;
  since_ = now();
  current_ = std::make_shared<Exchange>(hub_.site(), shared_from_this());
  deadline_ = SteadyTime::max();
  parser_.emplace(current_->request, current_->envelope, hub_.site().options.max_header.count());
  const MutexLock lock(mutex_);
  is_reply_done_ = is_body_done_ = is_body_paused_ = has_input_ = false;
  inbox_.clear();
  body_error_ = nullptr;
}

bool Connection::parse_header() {
  try {
    in_.consume(parser_->parse_header(in_.bytes()));
  } catch (...) {
    const auto refusal = current_refusal();
    answer_early(&refusal, Rest::kUnknown);
    return true;
  }
  if (!parser_->is_header_done()) return false;
  on_header();
  return true;
}

void Connection::on_header() {
  auto& exchange = *current_;
  exchange.envelope.arrived = since_ = now();
  exchange.envelope.own_address = own_address_;
  exchange.envelope.is_secure = is_secure_;
  exchange.request.peer = peer_;
  exchange.begin();
  try {
    check_header(hub_.site(), exchange);
  } catch (...) {
    const auto refusal = current_refusal();
    return answer_early(&refusal, Rest::kDropped);
  }
  if (exchange.answer) return answer_early(nullptr, Rest::kDropped);
  if (exchange.protocol) return begin_session();
  max_body_ = exchange.max_body();
  deadline_ = exchange.deadline();
  if (parser_->is_done()) return on_body_end();
  state_ = State::kBody;
  body_began_ = since_;
  received_ = 0;
  if (exchange.streams_body()) {
    on_body_ = [this](std::string_view piece) { take_streamed(piece); };
    return dispatch();
  }
  deadline_ = std::min(deadline_, since_ + kBodyPatience * hub_.site().options.body_timeout);
  on_body_ = [this](std::string_view piece) { current_->append_body(piece); };
  if (exchange.envelope.expects_continue && in_.empty()) send("HTTP/1.1 100 Continue\r\n\r\n", {});
}

// From here on the socket is the session's. Nothing is being read of it, and all replies have been
// sent: this request would not have begun else.
void Connection::begin_session() {
  auto place = hub_.sessions().find_place();
  if (!place) hub_.site().metrics.refused_sessions.add();
  if (!place || !in_.empty()) {
    const auto refusal = make_refusal(place ? too_early() : too_many_sessions());
    return answer_early(&refusal, Rest::kDropped);
  }
  UniqueLock lock(mutex_);
  auto socket = std::move(socket_);
  is_closed_ = is_gone_ = true;
  lock.unlock();
  state_ = State::kClosed;
  const auto exchange = std::exchange(current_, nullptr);
  const auto session = std::make_shared<WebSocketConnection>(
      hub_, std::move(socket), exchange->take_upgrade(), address_, *std::move(place));
  hub_.adopt(session);
  hub_.on_closed(*this);
  session->start();
}

bool Connection::parse_body() {
  try {
    const auto taken = parser_->parse_body(in_.bytes(), max_body_, on_body_);
    in_.consume(taken);
    received_ += taken;
    if (taken > 0) since_ = now();
    if (parser_->is_done()) {
      on_body_end();
      return true;
    }
    if (taken == 0 && in_.size() >= hub_.site().options.max_header.count()) {
      throw Error(ErrorCode::kBadRequest, "no valid HTTP request: a chunk's header has no end");
    }
  } catch (...) {
    fail_body(std::current_exception());
    return true;
  }
  return false;
}

// Before the end of the request: it is refused, or a worker that reads its body is told.
void Connection::fail_body(std::exception_ptr error) {
  if (current_) {
    const auto refusal = make_refusal(error);
    return answer_early(&refusal, Rest::kUnknown);
  }
  state_ = State::kReply;
  const MutexLock lock(mutex_);
  body_error_ = std::move(error);
  changed_.notify_all();
}

void Connection::take_streamed(std::string_view piece) {
  const MutexLock lock(mutex_);
  inbox_ += piece;
  if (inbox_.size() >= kMaxInbox) is_body_paused_ = true;
  changed_.notify_all();
}

void Connection::resume_body() {
  since_ = body_began_ = now();
  received_ = 0;
  process();
}

void Connection::on_body_end() {
  state_ = State::kReply;
  {
    const MutexLock lock(mutex_);
    is_body_done_ = true;
    changed_.notify_all();
  }
  if (current_) dispatch();
}

void Connection::dispatch() {
  deadline_ = current_->deadline();
  const auto exchange = std::exchange(current_, nullptr);
  cost_ = exchange->route()->cost;
  {
    const MutexLock lock(mutex_);
    exchange_ = exchange;
  }
  if (cost_ == Cost::kInstant) return exchange->run();
  const auto admission = hub_.pool(cost_).submit(exchange, cost_);
  if (admission == WorkerPool::Admission::kQueueFull) {
    exchange->refuse(make_refusal(queue_full()));
  }
}

// With what the middleware has to say, or with a refusal. What has arrived of the body is dropped;
// if that was all of it, the connection may stay.
void Connection::answer_early(const Refusal* refusal, Rest rest) {
  state_ = State::kReply;
  const bool is_complete = rest == Rest::kDropped && drop_body();
  const auto exchange = std::exchange(current_, nullptr);
  {
    const MutexLock lock(mutex_);
    exchange_ = exchange;
    is_body_done_ = is_complete;
  }
  if (refusal == nullptr) return exchange->reply_now();
  exchange->refuse(*refusal);
}

bool Connection::drop_body() {
  const RequestParser::OnBody drop = [](std::string_view) {};
  try {
    in_.consume(parser_->parse_body(in_.bytes(), std::numeric_limits<std::uint64_t>::max(), drop));
  } catch (const Error&) {
    return false;  // the request has its refusal already; this one only costs it the connection
  }
  return parser_->is_done();
}

bool Connection::is_slower_than(ByteSize a_second, SteadyTime time,
                                std::chrono::seconds grace) const {
  const auto took = time - body_began_;
  if (took <= grace) return false;
  {
    const MutexLock lock(mutex_);
    if (is_body_paused_) return false;  // it is the handler that does not read
  }
  const auto seconds = std::chrono::duration<double>(took).count();
  return static_cast<double>(received_) < static_cast<double>(a_second.count()) * seconds;
}

void Connection::refuse_late() {
  {
    const MutexLock lock(mutex_);
    if (is_body_paused_) return;  // it is the handler that does not read
  }
  const StatusError error(408, "the request did not arrive in time");
  fail_body(std::make_exception_ptr(error));
}

// The request waits for a worker longer than it may take in all.
void Connection::give_up_waiting() {
  std::shared_ptr<Exchange> waiting;
  {
    const MutexLock lock(mutex_);
    waiting = exchange_;
  }
  if (waiting == nullptr || !hub_.pool(cost_).withdraw(waiting.get())) return;
  waiting->refuse(make_refusal(waited_too_long()));
}

}  // namespace hailstone::http
