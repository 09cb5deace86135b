// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One request and its reply. The loop fills in the request; then it runs on a worker, which calls
// the handler, renders its errors and counts the result.

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "http/loop/worker_pool.hpp"
#include "http/message.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/pipeline/reply_head.hpp"
#include "http/pipeline/site.hpp"
#include "http/pipeline/upgrade.hpp"
#include "http/router.hpp"

namespace hailstone::http {

/// The connection as an exchange sees it. Thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Whether a further request may follow: the request has arrived wholly, nobody is closing.
  virtual bool may_keep_alive() const = 0;
  /// Sends without waiting; what the client does not take yet, the loop sends later.
  virtual void send(std::string head, std::string body) = 0;
  enum class Part { kMore, kLast };
  /// A part of a piece. Waits while too much is unsent. Throws kCancelled or kTimeout.
  virtual void write(std::string bytes, Part part) = 0;
  /// See ResponseStream; bytes as they go out.
  virtual void ping_in_silence(std::string bytes, std::chrono::milliseconds silence) = 0;
  /// See BodyStream::read().
  virtual std::string read_body() = 0;

  enum class After { kKeepAlive, kClose, kAbort };
  /// The reply is complete. The channel lets go of the exchange; nothing may be called afterwards.
  virtual void finish(After after) = 0;
};

/// What stands in the request besides the Request.
struct Envelope {
  std::string target;  ///< raw
  bool is_http_1_0 = false;
  bool wants_keep_alive = true;
  bool expects_continue = false;
  bool is_known_method = true;
  std::optional<std::uint64_t> content_length;
  bool is_chunked = false;
  SteadyTime arrived{};     ///< the header's end
  std::string own_address;  ///< of the connection, as an IP literal
  bool is_secure = false;   ///< it came over TLS to us
};

/// Filled by the loop until it is submitted or answered; from then on it belongs to one worker, but
/// for request_stop(), which any thread may call.
class Exchange final : public Job, private Reply, private ResponseStream, private BodyStream {
 public:
  Exchange(Site& site, std::shared_ptr<Channel> channel);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Request request;
  Envelope envelope;
  Router::Match match;
  Dialect dialect = Dialect::kPlain;
  bool is_unproven = false;        ///< its key, if any, stands in the body
  Headers reply_headers;           ///< of the middleware: request id, CORS
  std::optional<Response> answer;  ///< of the middleware: instead of a handler
  /// Of the middleware: it becomes a WebSocket, with this subprotocol or none ("").
  std::optional<std::string> protocol;

  const Route* route() const noexcept { return match.route; }
  bool streams_body() const noexcept;
  /// The route's limit; a small one where there is no route.
  std::uint64_t max_body() const noexcept;
  /// Throws kBusy when the bodies of all requests together take too much memory.
  void append_body(std::string_view piece);

  /// The header has been understood as far as it will be: counts as in flight.
  void begin();
  /// On a worker.
  void run() noexcept override;
  /// Without a handler: the middleware's answer, or an error. On the loop.
  void reply_now() noexcept;
  void refuse(const Refusal& refusal) noexcept;
  /// The client left before a worker began.
  void abandon() noexcept;

  /// All that a session needs of it; it counts as answered.
  UpgradeRequest take_upgrade();

  /// Callbacks of the handler's run here: they must not block.
  void request_stop() noexcept { stop_.request_stop(); }
  bool stop_requested() const noexcept { return stop_.stop_requested(); }

  SteadyTime deadline() const noexcept { return request.run.deadline.time(); }

 private:
  enum class State { kUnanswered, kStreaming, kSent };

  void add_header(std::string name, std::string value) override;
  void send(Response response) override;
  ResponseStream& stream(int status, std::string content_type) override;
  ResponseStream& stream_sized(int status, std::string content_type, std::uint64_t length) override;
  ResponseStream& begin_stream(ReplyHead head);
  bool started() const noexcept override { return state_ != State::kUnanswered; }
  void write(std::string_view piece) override;
  void ping_in_silence(std::string ping, std::chrono::milliseconds silence) override;
  std::string read() override { return channel_->read_body(); }

  std::atomic<std::uint64_t>& budget() noexcept;
  bool is_head() const noexcept { return request.method == Method::kHead; }
  void note_queue_position();
  bool decide_keep_alive() noexcept;
  void end_stream();
  void fail(const Refusal& refusal);
  void end_failed_stream(const Error& error);
  void account(int status) noexcept;
  void finish() noexcept;

  Site& site_;
  std::shared_ptr<Channel> channel_;
  std::stop_source stop_;
  State state_ = State::kUnanswered;
  Framing framing_ = Framing::kLength;
  StreamForm form_ = StreamForm::kLines;
  Channel::After after_ = Channel::After::kClose;
  int status_ = 0;
  bool is_begun_ = false;
  bool is_accounted_ = false;
  std::uint64_t charged_ = 0;
  std::uint64_t unsent_ = 0;        // of a stream whose length is known
  std::size_t queue_position_ = 0;  // noted by whoever waits for a model
};

}  // namespace hailstone::http
