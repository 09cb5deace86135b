// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reply of server-sent events, as the OpenAI API streams and EventSource of browsers reads.
//
//   http::SseWriter events(reply);
//   events.send(chunk);                        // data: {...}
//   events.send_named("message_start", json);  // event: message_start, data: {...}
//   events.done();                             // data: [DONE]
//
// An error that the handler throws once the reply has begun is the last event: "data: {"error":..}"
// in OpenAI's dialect, with "event: error" before it in all others.

#include <chrono>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace hailstone::http {

/// Starts the reply with its first event, so that an error before it still has its real status.
/// Owned by the handler's thread; the reply outlives it. What blocks and throws does so as
/// ResponseStream::write().
class SseWriter {
 public:
  /// After so long without an event a comment tells proxies that the connection is alive.
  static constexpr std::chrono::seconds kSilence{15};

  explicit SseWriter(Reply& reply, std::chrono::milliseconds silence = kSilence) noexcept
      : reply_(reply), silence_(silence) {}

  /// Sends the header now: for what may be silent for long before its first event.
  void start();
  /// data may have several lines.
  void send(std::string_view data);
  /// name and id are single lines.
  void send_named(std::string_view name, std::string_view data, std::string_view id = {});
  /// The end that clients of OpenAI's API wait for.
  void done() { send("[DONE]"); }

 private:
  void add_field(std::string_view name, std::string_view value);

  Reply& reply_;
  const std::chrono::milliseconds silence_;
  ResponseStream* stream_ = nullptr;
  std::string event_;
};

/// What starts a reply whose errors are events.
inline constexpr std::string_view kEventStream = "text/event-stream";

}  // namespace hailstone::http
