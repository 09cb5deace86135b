// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/talk_loop.hpp"

#include <thread>
#include <utility>

#include "os/thread_name.hpp"

namespace hailstone::voice {

TalkLoop::TalkLoop(http::WebSocketSession& session, const RunContext& run)
    : session_(session), on_request_(run.stop, Forward{stop_}), run_(run) {
  run_.stop = stop_.get_token();
}

Post TalkLoop::post() {
  return [this](Note&& note) { mailbox_.push(std::move(note), run_); };
}

void TalkLoop::read() {
  for (;;) {
    auto message = session_.receive(Deadline::never(), run_.stop);
    if (run_.stop.stop_requested()) return;
    if (message.kind == http::WebSocketMessage::Kind::kNothing) continue;
    const bool is_last = message.kind == http::WebSocketMessage::Kind::kClosed;
    mailbox_.push(std::move(message), run_);
    if (is_last) return;
  }
}

void TalkLoop::run(Talk& talk, const OnMessage& on_message) {
  const std::jthread reader([this] {
    os::set_thread_name("voice-read");
    try {
      read();
    } catch (...) {  // the top of this thread: only its own stop is thrown
    }
  });
  // However this ends, the reader and all workers shall end too.
  struct Ending {
    std::stop_source& stop;
    ~Ending() { stop.request_stop(); }
  } ending{stop_};
  for (;;) {
    auto letter = mailbox_.take(talk.next_tick(), run_.stop);
    if (run_.stop.stop_requested()) return;
    if (letter) {
      if (auto* note = std::get_if<Note>(&*letter)) {
        talk.take(std::move(*note));
      } else {
        auto& message = std::get<http::WebSocketMessage>(*letter);
        if (message.kind == http::WebSocketMessage::Kind::kClosed) return;
        if (!on_message(std::move(message))) return;
      }
    }
    talk.tick();
  }
}

}  // namespace hailstone::voice
