// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client's connection. It lives on the loop, which reads and parses; the worker of the running
// request writes the reply straight into the socket, so that a small reply costs no way back to the
// loop. Only what the client does not take at once is left to the loop. While a handler runs, the
// loop goes on reading, and so learns at once when the client leaves.

#include <condition_variable>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "base/byte_size.hpp"
#include "base/error.hpp"
#include "base/sync/mutex.hpp"
#include "http/loop/hub.hpp"
#include "http/loop/input_buffer.hpp"
#include "http/loop/outbox.hpp"
#include "http/loop/request_parser.hpp"
#include "http/pipeline/exchange.hpp"

namespace hailstone::http {

/// Belongs to the loop but for Channel's functions, which are the exchange's. The hub outlives it.
class Connection final : public Client,
                         public Channel,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(Hub& hub, Socket socket, const Ends& ends);
  ~Connection() override = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Says that there is no place, and closes.
  void turn_away(const std::string& reason);

  void check_timeouts(SteadyTime now) override;
  void close_soon() override;
  void stop_request() override;
  void close() override;
  std::optional<SteadyTime> idle_since() override;
  std::optional<SteadyTime> dawdling_since(SteadyTime now) override;
  const std::string& address() const noexcept override { return address_; }

  bool may_keep_alive() const override;
  void send(std::string head, std::string body) override;
  void write(std::string bytes, Part part) override;
  void ping_in_silence(std::string bytes, std::chrono::milliseconds silence) override;
  std::string read_body() override;
  void finish(After after) override;

 private:
  enum class State {
    kIdle,    ///< between requests
    kHeader,  ///< a request's header has begun
    kBody,    ///< its body is arriving
    kReply,   ///< nothing more is wanted of it; the reply is being made
    kLinger,  ///< we have said all; the client may still be talking
    kClosed,
  };

  // Reading: connection_read.cpp.
  void read();
  std::size_t input_limit() const noexcept;
  void on_read(const boost::system::error_code& error, std::size_t size);
  void on_client_gone(const boost::system::error_code& error);
  void process();
  bool step();
  void begin_request();
  bool parse_header();
  void on_header();
  void begin_session();
  bool parse_body();
  void fail_body(std::exception_ptr error);
  void take_streamed(std::string_view piece);
  void on_body_end();
  void dispatch();
  enum class Rest { kDropped, kUnknown };
  void answer_early(const Refusal* refusal, Rest rest);
  bool drop_body();
  void refuse_late();
  bool is_slower_than(ByteSize a_second, SteadyTime now, std::chrono::seconds grace) const;
  void resume_body();

  // The replies: connection.cpp.
  void post(void (Connection::*call)());
  void flush_locked() HAILSTONE_REQUIRES(mutex_);
  void flush_soon();
  void wait_writable();
  void on_writable();
  void throw_if_gone_locked() const HAILSTONE_REQUIRES(mutex_);
  void advance();
  bool settle();
  void linger();
  enum class Waiting { kDrop, kRun };  // what happens to a request that no worker has begun
  void cancel_running(Waiting waiting);
  bool has_stalled(SteadyTime now);
  void ping_if_silent(SteadyTime now);
  void give_up_waiting();

  Hub& hub_;
  Socket socket_;
  const int fd_;
  const std::string address_;
  const std::string peer_;
  const std::string own_address_;
  const bool is_secure_;

  // Of the loop.
  State state_ = State::kIdle;
  SteadyTime since_;  // of the state, or of the last byte of a body
  InputBuffer in_;
  std::shared_ptr<Exchange> current_;  // until a worker or a refusal takes it
  std::optional<RequestParser> parser_;
  RequestParser::OnBody on_body_;
  std::uint64_t max_body_ = 0;
  SteadyTime body_began_;       // or went on after the handler had made it wait
  std::uint64_t received_ = 0;  // of the body since then
  Cost cost_ = Cost::kQuick;
  SteadyTime deadline_ = SteadyTime::max();   // of the request, or of its wait for a turn
  SteadyTime last_call_ = SteadyTime::max();  // when we go, for who has not asked yet
  bool has_asked_ = false;                    // at least once
  bool is_reading_ = false;
  bool is_at_eof_ = false;

  // Of the loop and the worker.
  mutable Mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Exchange> exchange_ HAILSTONE_GUARDED_BY(mutex_);  // that is being answered
  Outbox out_ HAILSTONE_GUARDED_BY(mutex_);
  SteadyTime stalled_since_ HAILSTONE_GUARDED_BY(mutex_);  // of what is in out_
  SteadyTime last_flush_ HAILSTONE_GUARDED_BY(mutex_);
  After after_ HAILSTONE_GUARDED_BY(mutex_) = After::kClose;
  std::string ping_ HAILSTONE_GUARDED_BY(mutex_);  // what is sent in silence; empty: nothing
  std::chrono::milliseconds silence_{0};
  SteadyTime last_piece_;  // or the last ping
  bool is_within_piece_ = false;
  std::string inbox_;  // of a streamed body
  std::exception_ptr body_error_;
  bool is_body_done_ = false;
  bool is_body_paused_ = false;
  bool is_reply_done_ = false;
  bool has_input_ = false;  // bytes wait behind the request
  bool is_last_ = false;    // no further request on this connection
  bool is_gone_ = false;    // the client has closed its side
  bool is_closed_ = false;  // fd_ is not ours any more
  bool has_timed_out_ = false;
  bool is_waiting_writable_ = false;
  bool is_flush_posted_ = false;
};

}  // namespace hailstone::http
