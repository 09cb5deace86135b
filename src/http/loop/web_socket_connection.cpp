// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/web_socket_connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cmath>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/pipeline/middleware.hpp"
#include "log/log.hpp"

namespace hailstone::http {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

/// Unread by the handler: no more is read of the client then.
constexpr std::size_t kMaxInbox = 256 << 10;
constexpr std::size_t kMaxInboxMessages = 256;
/// Unsent: a writer waits then.
constexpr std::size_t kHighWater = 256 << 10;
constexpr std::size_t kMaxRead = 64 << 10;
/// For the other side to answer our close, and to hang up.
constexpr std::chrono::seconds kCloseTime{2};
/// A large message may take longer than write_timeout, at this speed.
constexpr double kSlowestBytesPerSecond = 16 << 10;
/// What fits into a close frame beside the code.
constexpr std::size_t kMaxReason = 123;

SteadyTime now() noexcept {
  return system_clock().now();
}

// The library reads the upgrade from a message of its own kind. What it looks at has been checked.
beast::http::request<beast::http::empty_body> library_request(const Headers& headers) {
  beast::http::request<beast::http::empty_body> request(beast::http::verb::get, "/", 11);
  request.set(beast::http::field::host, "localhost");
  request.set(beast::http::field::connection, "Upgrade");
  request.set(beast::http::field::upgrade, "websocket");
  request.set(beast::http::field::sec_websocket_version, "13");
  const auto key = headers.find("Sec-WebSocket-Key").value_or("");
  request.set(beast::http::field::sec_websocket_key, beast::string_view(key.data(), key.size()));
  return request;
}

}  // namespace

struct WebSocketConnection::Stream {
  explicit Stream(Socket socket) : ws(std::move(socket)) {}

  // Without compression: sound and tokens are small or do not shrink, and a bomb would.
  websocket::stream<Socket, false> ws;
  beast::flat_buffer buffer;
};

CloseCode close_code_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBadRequest:
    case ErrorCode::kUnauthorized:
    case ErrorCode::kForbidden:
    case ErrorCode::kNotFound:
    case ErrorCode::kConflict:
      return CloseCode::kPolicy;
    case ErrorCode::kTooLarge:
      return CloseCode::kTooBig;
    case ErrorCode::kUnsupported:
      return CloseCode::kUnsupportedData;
    case ErrorCode::kBusy:
    case ErrorCode::kOutOfMemory:
      return CloseCode::kTryAgainLater;
    case ErrorCode::kCancelled:
      return CloseCode::kGoingAway;
    case ErrorCode::kTimeout:
    case ErrorCode::kEngineFailed:
    case ErrorCode::kInternal:
      break;
  }
  return CloseCode::kInternal;
}

WebSocketConnection::WebSocketConnection(Hub& hub, Socket socket, UpgradeRequest upgrade,
                                         std::string address, SessionThreads::Place place)
    : hub_(hub),
      upgrade_(std::move(upgrade)),
      address_(std::move(address)),
      stream_(std::make_unique<Stream>(std::move(socket))),
      place_(std::move(place)),
      since_(now()) {
  upgrade_.request.run.stop = stop_.get_token();
  upgrade_.request.run.deadline = Deadline::never();
  hub_.site().metrics.web_sockets.add(1);
}

WebSocketConnection::~WebSocketConnection() {
  hub_.site().metrics.web_sockets.add(-1);
}

void WebSocketConnection::start() {
  auto& ws = stream_->ws;
  ws.auto_fragment(false);
  ws.read_message_max(upgrade_.route->max_body.count());
  ws.set_option(websocket::stream_base::decorator([this](websocket::response_type& response) {
    response.set(beast::http::field::server, "hailstone");
    for (const auto& [name, value] : upgrade_.reply_headers.all()) response.insert(name, value);
    const auto& protocol = upgrade_.protocol;
    if (!protocol.empty()) response.set(beast::http::field::sec_websocket_protocol, protocol);
  }));
  ws.control_callback([this](websocket::frame_type kind, beast::string_view) {
    last_heard_ = now();
    is_pinged_ = false;
    if (kind != websocket::frame_type::close || state_ != State::kOpen) return;
    state_ = State::kClosing;
    since_ = last_heard_;
  });
  ws.async_accept(library_request(upgrade_.request.headers),
                  [self = shared_from_this()](const error_code& error) {
                    error ? self->finish() : self->on_accepted();
                  });
}

void WebSocketConnection::on_accepted() {
  if (state_ != State::kHandshake) return;
  state_ = State::kOpen;
  since_ = last_heard_ = now();
  begin_session(*std::exchange(place_, std::nullopt));
  read();
  pump();  // it may have been told to end already
}

void WebSocketConnection::begin_session(SessionThreads::Place place) {
  try {
    hub_.sessions().start(std::move(place), [self = shared_from_this()] { self->run(); });
  } catch (const std::system_error&) {
    close(CloseCode::kTryAgainLater, "no thread is left for the session");
  }
}

void WebSocketConnection::post(void (WebSocketConnection::*call)()) {
  boost::asio::post(stream_->ws.get_executor(),
                    [self = shared_from_this(), call] { ((*self).*call)(); });
}

// Reading.

void WebSocketConnection::read() {
  if (is_reading_ || state_ == State::kClosed) return;
  is_reading_ = true;
  stream_->ws.async_read_some(
      stream_->buffer, kMaxRead,
      [self = shared_from_this()](const error_code& error, std::size_t size) {
        self->is_reading_ = false;
        // Closed by the other side, by us, or for its mistake, which the library has told it.
        error ? self->end_reading() : self->on_read(size);
      });
}

void WebSocketConnection::on_read(std::size_t) {
  last_heard_ = now();
  is_pinged_ = false;
  if (stream_->ws.is_message_done()) take_message();
  {
    const MutexLock lock(mutex_);
    if (is_paused_) return;
  }
  read();
}

void WebSocketConnection::take_message() {
  auto& buffer = stream_->buffer;
  WebSocketMessage message;
  message.kind =
      stream_->ws.got_text() ? WebSocketMessage::Kind::kText : WebSocketMessage::Kind::kBinary;
  message.data.assign(static_cast<const char*>(buffer.cdata().data()), buffer.size());
  buffer.clear();
  if (buffer.capacity() > kMaxRead) buffer.shrink_to_fit();
  hub_.site().metrics.messages_received.add();
  const MutexLock lock(mutex_);
  inbox_bytes_ += message.data.size();
  inbox_.push_back(std::move(message));
  is_paused_ = inbox_bytes_ >= kMaxInbox || inbox_.size() >= kMaxInboxMessages;
  changed_.notify_all();
}

void WebSocketConnection::resume() {
  last_heard_ = now();
  read();
}

void WebSocketConnection::end_reading() {
  is_read_out_ = true;
  if (!is_writing_) finish();  // else that ends by itself, or in time
}

WebSocketMessage WebSocketConnection::receive(Deadline deadline, std::stop_token stop) {
  UniqueLock lock(mutex_);
  const auto has_news = [this] {
    mutex_.assert_held();
    return !inbox_.empty() || is_over_;
  };
  if (deadline.is_never()) {
    changed_.wait(lock.native(), std::move(stop), has_news);
  } else {
    changed_.wait_until(lock.native(), std::move(stop), deadline.time(), has_news);
  }
  WebSocketMessage message;
  if (!inbox_.empty()) {
    message = std::move(inbox_.front());
    inbox_.pop_front();
    inbox_bytes_ -= message.data.size();
    const bool has_room = inbox_bytes_ < kMaxInbox / 2 && inbox_.size() < kMaxInboxMessages / 2;
    if (has_room && std::exchange(is_paused_, false)) post(&WebSocketConnection::resume);
  } else if (is_over_) {
    message.kind = WebSocketMessage::Kind::kClosed;
  }
  return message;
}

// Writing.

void WebSocketConnection::send_text(std::string_view text) {
  if (!is_valid_utf8(text)) {
    throw Error(ErrorCode::kInternal, "a text message of a WebSocket must be UTF-8");
  }
  send(WebSocketMessage::Kind::kText, text);
}

void WebSocketConnection::send_binary(std::string_view bytes) {
  send(WebSocketMessage::Kind::kBinary, bytes);
}

void WebSocketConnection::send(WebSocketMessage::Kind kind, std::string_view data) {
  UniqueLock lock(mutex_);
  const auto check = [this] {
    mutex_.assert_held();
    if (is_late_) throw Error(ErrorCode::kTimeout, "the client reads too slowly");
    if (is_gone_ || last_word_) throw Error(ErrorCode::kCancelled, "the session has ended");
  };
  check();
  outbox_bytes_ += data.size();
  outbox_.push_back({kind, std::string(data)});
  post(&WebSocketConnection::pump);
  changed_.wait(lock.native(), [this] {
    mutex_.assert_held();
    return outbox_bytes_ <= kHighWater || is_gone_;
  });
  if (outbox_bytes_ > kHighWater) check();
}

void WebSocketConnection::close(CloseCode code, std::string_view reason) {
  const MutexLock lock(mutex_);
  if (last_word_) return;
  last_word_ = {code, std::string(utf8_prefix(reason, kMaxReason))};
  is_over_ = true;
  changed_.notify_all();
  post(&WebSocketConnection::pump);
}

void WebSocketConnection::pump() {
  if (is_writing_ || state_ != State::kOpen) return;
  std::optional<LastWord> word;
  {
    const MutexLock lock(mutex_);
    if (!outbox_.empty()) {
      outgoing_ = std::move(outbox_.front());
      outbox_.pop_front();
    } else if (last_word_) {
      word = last_word_;
    } else {
      return;
    }
  }
  if (word) return say_goodbye(*word);
  is_writing_ = true;
  write_began_ = now();
  stream_->ws.text(outgoing_.kind == WebSocketMessage::Kind::kText);
  stream_->ws.async_write(boost::asio::buffer(outgoing_.data),
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->is_writing_ = false;
                            error ? self->finish() : self->on_written();
                          });
}

void WebSocketConnection::on_written() {
  hub_.site().metrics.messages_sent.add();
  {
    const MutexLock lock(mutex_);
    outbox_bytes_ -= outgoing_.data.size();
    changed_.notify_all();
  }
  outgoing_.data.clear();
  is_read_out_ ? finish() : pump();
}

void WebSocketConnection::say_goodbye(const LastWord& word) {
  state_ = State::kClosing;
  since_ = now();
  is_writing_ = true;
  const websocket::close_reason reason(static_cast<websocket::close_code>(word.code),
                                       beast::string_view(word.reason));
  stream_->ws.async_close(reason, [self = shared_from_this()](const error_code&) {
    self->is_writing_ = false;
    self->finish();
  });
}

void WebSocketConnection::ping() {
  if (std::exchange(is_pinging_, true)) return;
  is_pinged_ = true;
  stream_->ws.async_ping({}, [self = shared_from_this()](const error_code&) {
    self->is_pinging_ = false;  // an error shows when reading
  });
}

// The end.

bool WebSocketConnection::has_stalled(SteadyTime time) const {
  if (!is_writing_ || state_ != State::kOpen) return false;
  const double patience = static_cast<double>(outgoing_.data.size()) / kSlowestBytesPerSecond;
  const auto limit = hub_.site().options.write_timeout +
                     std::chrono::seconds(static_cast<std::int64_t>(std::ceil(patience)));
  return time - write_began_ > limit;
}

void WebSocketConnection::check_timeouts(SteadyTime time) {
  const auto& options = hub_.site().options;
  if (state_ == State::kHandshake && time - since_ > options.header_timeout) return finish();
  if (state_ == State::kClosing && time - since_ > kCloseTime) return finish();
  if (state_ != State::kOpen) return;
  if (has_stalled(time)) {
    {
      const MutexLock lock(mutex_);
      is_late_ = true;
    }
    return finish();
  }
  if (!is_reading_) return;  // the handler is busy: an answer to our ping would wait as well
  const auto silence = time - last_heard_;
  if (silence > 2 * options.ping_interval) return finish();
  if (silence > options.ping_interval && !is_pinged_) ping();
}

void WebSocketConnection::close_soon() {
  stop_.request_stop();
  close(CloseCode::kGoingAway, "the server is shutting down");
}

void WebSocketConnection::close() {
  finish();
}

void WebSocketConnection::finish() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  place_.reset();
  error_code error;
  beast::get_lowest_layer(stream_->ws).close(error);
  {
    const MutexLock lock(mutex_);
    is_over_ = is_gone_ = true;
    changed_.notify_all();
  }
  // Never with the lock held: stop callbacks are the handler's own code.
  stop_.request_stop();
  hub_.on_closed(*this);
}

// The session's thread.

void WebSocketConnection::run() {
  const auto begun = now();
  try {
    upgrade_.route->web_socket(upgrade_.request, *this);
    close(CloseCode::kNormal, {});
  } catch (...) {  // the top of the thread
    const auto error = current_error();
    log_failure(error, upgrade_.request);
    close(close_code_of(error.code()), error_message(error, upgrade_.request.id));
  }
  const std::chrono::duration<double> lasted = now() - begun;
  log::info("http", "session ended",
            {{"path", upgrade_.request.path},
             {"seconds", std::to_string(std::lround(lasted.count()))},
             {"peer", upgrade_.request.peer},
             {"request", upgrade_.request.id}});
}

}  // namespace hailstone::http
