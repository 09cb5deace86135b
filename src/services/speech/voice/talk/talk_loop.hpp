// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A talk over a WebSocket: brings the client's messages and the workers' notes together on the
// session's thread.

#include <functional>
#include <stop_token>

#include "http/web_socket.hpp"
#include "services/speech/voice/talk/mailbox.hpp"
#include "services/speech/voice/talk/talk.hpp"

namespace hailstone::voice {

/// Belongs to the session's thread, and outlives the talk.
class TalkLoop {
 public:
  /// run: of the request.
  TalkLoop(http::WebSocketSession& session, const RunContext& run);
  ~TalkLoop() { stop_.request_stop(); }
  TalkLoop(const TalkLoop&) = delete;
  TalkLoop& operator=(const TalkLoop&) = delete;

  /// For the talk. It stops at the end of the session or of this.
  const RunContext& run_context() const noexcept { return run_; }
  Post post();

  /// False: that was the last one.
  using OnMessage = std::function<bool(http::WebSocketMessage&&)>;
  /// Until the client has ended it or left. Throws what on_message and the talk's sink throw.
  void run(Talk& talk, const OnMessage& on_message);

 private:
  struct Forward {
    std::stop_source& stop;
    void operator()() const { stop.request_stop(); }
  };
  void read();

  http::WebSocketSession& session_;
  std::stop_source stop_;
  std::stop_callback<Forward> on_request_;
  RunContext run_;
  Mailbox mailbox_;
};

}  // namespace hailstone::voice
