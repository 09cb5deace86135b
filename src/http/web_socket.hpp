// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A WebSocket as a route's handler sees it: a conversation of whole messages, on a thread that is
// the session's own for as long as it lasts. Nothing of the library shows.
//
//   Route route;
//   route.pattern = "/api/listen";
//   route.max_body = ByteSize::mib(1);      // of one message
//   route.web_socket = [](const Request& request, WebSocketSession& session) {
//     for (;;) {
//       const auto message = session.receive(Deadline::never());
//       if (message.kind == WebSocketMessage::Kind::kClosed) return;
//       session.send_text(answer(message.data));
//     }
//   };
//
// Host, Origin, key and subprotocol have been checked, and pings, fragments, UTF-8 and the close
// handshake are the server's business. Such a session passes no lane and no worker: a model's turn
// is asked for where the model is leased. Where the handler returns the session is closed with
// 1000, where it throws with the code that fits the error.

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/run_context.hpp"

namespace hailstone::http {

struct Request;

/// RFC 6455, section 7.4.1, and IANA's list.
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kPolicy = 1008,
  kTooBig = 1009,
  kInternal = 1011,
  kTryAgainLater = 1013,
};

/// What a session ends with that a handler's error ends.
CloseCode close_code_of(ErrorCode code) noexcept;

struct WebSocketMessage {
  enum class Kind {
    kText,  ///< data is UTF-8
    kBinary,
    kNothing,  ///< none has come until the deadline, or the stop
    kClosed,   ///< none will come any more: the client has left, or the server is about to end
  };
  Kind kind = Kind::kNothing;
  std::string data;
};

/// Thread-safe; receive() on one thread at a time.
class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;

  /// Blocks. What came before the end is given out before kClosed. While messages lie here unread,
  /// no more are read from the client: it has to wait, and our memory does not grow.
  virtual WebSocketMessage receive(Deadline deadline, std::stop_token stop = {}) = 0;

  /// Blocks while the client reads slower than we write. Throws Error(kCancelled) when the session
  /// has ended, Error(kTimeout) when the client reads nothing for too long, Error(kInternal) for
  /// text that is no UTF-8.
  virtual void send_text(std::string_view text) = 0;
  virtual void send_binary(std::string_view bytes) = 0;

  /// After what has been sent so far. Does not wait; only the first one counts. Of the reason go
  /// 123 bytes.
  virtual void close(CloseCode code, std::string_view reason) = 0;

  /// The subprotocol that was agreed on; empty: none.
  virtual std::string_view protocol() const noexcept = 0;
};

/// request.run.stop stops when the session ends. Its deadline is never.
using WebSocketHandler = std::function<void(const Request&, WebSocketSession&)>;

}  // namespace hailstone::http
