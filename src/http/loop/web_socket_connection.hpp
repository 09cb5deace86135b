// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection that has become a WebSocket. It lives on the loop, which reads and writes frames;
// the handler has a thread of its own and only takes from and adds to the queues in between, which
// are bounded in both directions.

#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/sync/mutex.hpp"
#include "http/loop/hub.hpp"
#include "http/pipeline/upgrade.hpp"
#include "http/web_socket.hpp"

namespace hailstone::http {

/// Belongs to the loop but for the session's functions. The hub outlives it.
class WebSocketConnection final : public Client,
                                  public WebSocketSession,
                                  public std::enable_shared_from_this<WebSocketConnection> {
 public:
  WebSocketConnection(Hub& hub, Socket socket, UpgradeRequest upgrade, std::string address,
                      SessionThreads::Place place);
  ~WebSocketConnection() override;
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;

  /// Answers the upgrade; then the handler begins.
  void start();

  void check_timeouts(SteadyTime now) override;
  void close_soon() override;
  void stop_request() override { stop_.request_stop(); }
  void close() override;
  std::optional<SteadyTime> idle_since() override { return std::nullopt; }
  std::optional<SteadyTime> dawdling_since(SteadyTime) override { return std::nullopt; }
  const std::string& address() const noexcept override { return address_; }

  WebSocketMessage receive(Deadline deadline, std::stop_token stop) override;
  void send_text(std::string_view text) override;
  void send_binary(std::string_view bytes) override;
  void close(CloseCode code, std::string_view reason) override;
  std::string_view protocol() const noexcept override { return upgrade_.protocol; }

 private:
  enum class State { kHandshake, kOpen, kClosing, kClosed };
  struct Stream;  // the library's
  struct LastWord {
    CloseCode code;
    std::string reason;
  };

  // On the loop.
  void on_accepted();
  void begin_session(SessionThreads::Place place);
  void read();
  void on_read(std::size_t size);
  void take_message();
  void resume();
  void pump();
  void on_written();
  void say_goodbye(const LastWord& word);
  void ping();
  bool has_stalled(SteadyTime now) const;
  void finish();
  void end_reading();

  // On the session's thread.
  void run();
  // On any.
  void post(void (WebSocketConnection::*call)());
  void send(WebSocketMessage::Kind kind, std::string_view data);

  Hub& hub_;
  UpgradeRequest upgrade_;
  const std::string address_;
  std::stop_source stop_;

  // Of the loop.
  std::unique_ptr<Stream> stream_;
  std::optional<SessionThreads::Place> place_;  // until the session begins
  State state_ = State::kHandshake;
  SteadyTime since_;  // of the state
  SteadyTime last_heard_;
  SteadyTime write_began_;
  bool is_reading_ = false;
  bool is_read_out_ = false;  // nothing will come any more
  bool is_writing_ = false;
  bool is_pinging_ = false;  // a ping is on its way
  bool is_pinged_ = false;   // and nothing has been heard since
  WebSocketMessage outgoing_;

  // Of the loop and the handler's threads.
  Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<WebSocketMessage> inbox_ HAILSTONE_GUARDED_BY(mutex_);
  std::size_t inbox_bytes_ HAILSTONE_GUARDED_BY(mutex_) = 0;
  std::deque<WebSocketMessage> outbox_ HAILSTONE_GUARDED_BY(mutex_);
  std::size_t outbox_bytes_ HAILSTONE_GUARDED_BY(mutex_) = 0;  // with what is being written
  std::optional<LastWord> last_word_ HAILSTONE_GUARDED_BY(mutex_);
  bool is_paused_ HAILSTONE_GUARDED_BY(mutex_) = false;  // the inbox is full
  bool is_over_ HAILSTONE_GUARDED_BY(mutex_) = false;    // no message will come
  bool is_gone_ HAILSTONE_GUARDED_BY(mutex_) = false;    // none can be sent
  bool is_late_ HAILSTONE_GUARDED_BY(mutex_) = false;    // because the client reads nothing
};

}  // namespace hailstone::http
