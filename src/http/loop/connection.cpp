// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/connection.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "http/pipeline/reply_head.hpp"

namespace hailstone::http {
namespace {

/// A writer waits while more than this is unsent.
constexpr std::size_t kHighWater = 256 << 10;
/// Pieces that follow each other faster than this go out together.
constexpr std::chrono::microseconds kCoalesce{500};
/// For the client to read our last words before the socket is closed under them.
constexpr std::chrono::seconds kLingerTime{2};
/// Before we go, for a request that is on its way: nobody else will answer it.
constexpr std::chrono::milliseconds kLastCall{500};

SteadyTime now() noexcept {
  return system_clock().now();
}

}  // namespace

Connection::Connection(Hub& hub, Socket socket, const Ends& ends)
    : hub_(hub),
      socket_(std::move(socket)),
      fd_(socket_.native_handle()),
      address_(ends.peer.host),
      peer_(to_string(ends.peer)),
      own_address_(ends.own_address),
      is_secure_(ends.is_secure),
      since_(now()) {}

void Connection::start() {
  process();
}

void Connection::turn_away(const std::string& reason) {
  ReplyHead head;
  head.status = 503;
  head.content_type = "application/json; charset=utf-8";
  head.keep_alive = false;
  std::string body = R"({"error":"server busy, please try again.  )" + reason + "\"}";
  head.content_length = body.size();
  Headers headers;
  headers.add("Retry-After", "1");
  send(write_head(head, headers, {}), std::move(body));
  linger();
}

void Connection::post(void (Connection::*call)()) {
  boost::asio::post(socket_.get_executor(),
                    [self = shared_from_this(), call] { ((*self).*call)(); });
}

bool Connection::may_keep_alive() const {
  const MutexLock lock(mutex_);
  return is_body_done_ && !is_last_ && !is_gone_;
}

void Connection::send(std::string head, std::string body) {
  const MutexLock lock(mutex_);
  if (is_closed_) return;
  if (out_.empty()) stalled_since_ = now();
  out_.push(std::move(head));
  out_.push(std::move(body));
  flush_locked();
}

void Connection::write(std::string bytes, Part part) {
  UniqueLock lock(mutex_);
  throw_if_gone_locked();
  const auto time = last_piece_ = now();
  is_within_piece_ = part == Part::kMore;
  if (out_.empty()) stalled_since_ = time;
  out_.push(std::move(bytes));
  if (time - last_flush_ >= kCoalesce) {
    flush_locked();
  } else if (!std::exchange(is_flush_posted_, true)) {
    post(&Connection::flush_soon);
  }
  changed_.wait(lock.native(), [this] {
    mutex_.assert_held();
    return out_.size() <= kHighWater || is_closed_ || is_gone_ || exchange_->stop_requested();
  });
  throw_if_gone_locked();
  if (out_.size() > kHighWater) throw Error(ErrorCode::kCancelled, "request canceled");
}

void Connection::ping_in_silence(std::string bytes, std::chrono::milliseconds silence) {
  const MutexLock lock(mutex_);
  ping_ = std::move(bytes);
  silence_ = silence;
  last_piece_ = now();
}

void Connection::ping_if_silent(SteadyTime time) {
  const MutexLock lock(mutex_);
  const bool may_send = !ping_.empty() && !is_within_piece_ && out_.empty();
  if (!may_send || time - last_piece_ < silence_) return;
  last_piece_ = stalled_since_ = time;
  out_.push(ping_);
  flush_locked();
}

std::string Connection::read_body() {
  UniqueLock lock(mutex_);
  const bool must_ask = inbox_.empty() && !is_body_done_;
  if (must_ask && std::exchange(exchange_->envelope.expects_continue, false)) {
    out_.push("HTTP/1.1 100 Continue\r\n\r\n");
    flush_locked();
  }
  changed_.wait(lock.native(), [this] {
    mutex_.assert_held();
    return !inbox_.empty() || is_body_done_ || body_error_ || is_closed_ || is_gone_ ||
           exchange_->stop_requested();
  });
  if (!inbox_.empty()) {
    if (std::exchange(is_body_paused_, false)) post(&Connection::resume_body);
    return std::exchange(inbox_, {});
  }
  if (body_error_) std::rethrow_exception(body_error_);
  if (is_body_done_) return {};
  throw_if_gone_locked();
  throw Error(ErrorCode::kCancelled, "request canceled");
}

void Connection::throw_if_gone_locked() const {
  if (has_timed_out_) throw Error(ErrorCode::kTimeout, "the client reads too slowly");
  if (is_closed_ || is_gone_) throw Error(ErrorCode::kCancelled, "request canceled");
}

void Connection::finish(After after) {
  std::shared_ptr<Exchange> done;  // destroyed after the lock is
  const MutexLock lock(mutex_);
  done = std::move(exchange_);
  is_reply_done_ = true;
  ping_.clear();
  is_within_piece_ = false;
  after_ = after == After::kKeepAlive && is_last_ ? After::kClose : after;
  if (is_closed_) return;
  flush_locked();
  // Else the loop sees it with the next byte that it reads, or when the rest has been sent.
  const bool has_news = after_ != After::kKeepAlive || has_input_ || is_gone_;
  if (out_.empty() && has_news) post(&Connection::advance);
}

void Connection::flush_locked() {
  if (is_closed_ || is_waiting_writable_) return;
  const auto before = out_.size();
  const auto result = out_.flush(fd_);
  if (out_.size() < before) last_flush_ = stalled_since_ = now();
  if (result == Outbox::Flush::kFailed) is_gone_ = true;
  if (result == Outbox::Flush::kBlocked) {
    is_waiting_writable_ = true;
    post(&Connection::wait_writable);
  }
}

void Connection::flush_soon() {
  {
    const MutexLock lock(mutex_);
    is_flush_posted_ = false;
    flush_locked();
    changed_.notify_all();
  }
  advance();
}

void Connection::wait_writable() {
  if (state_ == State::kClosed) return;
  socket_.async_wait(Socket::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       if (!error) self->on_writable();
                     });
}

void Connection::on_writable() {
  {
    const MutexLock lock(mutex_);
    is_waiting_writable_ = false;
    flush_locked();
    changed_.notify_all();
  }
  advance();
}

// The reply may be done: on to the next request, or to the end.
void Connection::advance() {
  if (state_ == State::kClosed || state_ == State::kLinger) return;
  After after{};
  {
    const MutexLock lock(mutex_);
    if (!is_reply_done_ || !out_.empty()) return;
    after = is_gone_ ? After::kAbort : after_;
  }
  if (after == After::kAbort) return close();
  if (after == After::kClose) return linger();
  process();
}

// True if the connection is between two requests now.
bool Connection::settle() {
  if (state_ != State::kReply) return state_ == State::kIdle;
  const MutexLock lock(mutex_);
  if (!is_reply_done_ || !out_.empty() || after_ != After::kKeepAlive || is_gone_) return false;
  state_ = State::kIdle;
  since_ = last_flush_;
  has_input_ = false;
  return true;
}

void Connection::linger() {
  state_ = State::kLinger;
  since_ = now();
  if (is_at_eof_) return close();
  boost::system::error_code error;
  socket_.shutdown(Socket::shutdown_send, error);
  process();
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  const bool is_unanswered = current_ != nullptr && state_ == State::kBody;
  state_ = State::kClosed;
  {
    const MutexLock lock(mutex_);
    is_closed_ = is_gone_ = true;
    out_.clear();
    boost::system::error_code error;
    socket_.close(error);
  }
  if (is_unanswered) current_->abandon();
  current_.reset();
  cancel_running(Waiting::kDrop);
  hub_.on_closed(*this);
}

// Never with the lock held: stop callbacks are the handler's own code.
void Connection::cancel_running(Waiting waiting) {
  std::shared_ptr<Exchange> running;
  {
    const MutexLock lock(mutex_);
    running = exchange_;
  }
  if (running == nullptr) return;
  const bool may_drop = waiting == Waiting::kDrop;
  if (may_drop && hub_.pool(cost_).withdraw(running.get())) return running->abandon();
  running->request_stop();
  const MutexLock lock(mutex_);
  changed_.notify_all();
}

void Connection::stop_request() {
  cancel_running(Waiting::kDrop);
}

void Connection::close_soon() {
  {
    const MutexLock lock(mutex_);
    is_last_ = true;
  }
  last_call_ = now() + kLastCall;
  // A client that keeps its connection for later asks again elsewhere when it is closed; one that
  // has just come, or has begun to speak, does not.
  boost::system::error_code ignored;
  if (settle() && has_asked_ && socket_.available(ignored) == 0) close();
}

std::optional<SteadyTime> Connection::idle_since() {
  if (!settle() || !in_.empty()) return std::nullopt;
  return since_;
}

std::optional<SteadyTime> Connection::dawdling_since(SteadyTime time) {
  constexpr std::chrono::seconds kGrace{1};
  constexpr auto kSlow = ByteSize::kib(4);
  if (state_ == State::kHeader && time - since_ > kGrace) return since_;
  const bool is_slow = state_ == State::kBody && is_slower_than(kSlow, time, kGrace);
  return is_slow ? std::optional(body_began_) : std::nullopt;
}

bool Connection::has_stalled(SteadyTime time) {
  const MutexLock lock(mutex_);
  has_timed_out_ = !out_.empty() && time - stalled_since_ > hub_.site().options.write_timeout;
  return has_timed_out_;
}

void Connection::check_timeouts(SteadyTime time) {
  settle();
  if (has_stalled(time)) return close();
  ping_if_silent(time);
  const bool is_silent = state_ == State::kIdle || state_ == State::kHeader;
  if (is_silent && time > last_call_) return close();
  const auto& options = hub_.site().options;
  const auto waited = time - since_;
  switch (state_) {
    case State::kIdle:
      if (waited > options.idle_timeout) close();
      break;
    case State::kHeader:
      if (waited > options.header_timeout) refuse_late();
      break;
    case State::kBody:
      if (waited > options.body_timeout || (current_ && time > deadline_) ||
          is_slower_than(options.min_body_rate, time, options.rate_grace)) {
        refuse_late();
      }
      break;
    case State::kReply:
      if (time > deadline_) give_up_waiting();
      break;
    case State::kLinger:
      if (waited > kLingerTime) close();
      break;
    case State::kClosed:
      break;
  }
}

}  // namespace hailstone::http
