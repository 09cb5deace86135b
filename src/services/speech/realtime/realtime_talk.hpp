// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A talk in OpenAI's Realtime API: what happens in it to events, and a client's events to what
// shall happen.

#include <map>
#include <string>

#include "http/web_socket.hpp"
#include "services/speech/realtime/ear.hpp"
#include "services/speech/realtime/wire_events.hpp"
#include "services/speech/voice/talk/talk_loop.hpp"

namespace hailstone::realtime {

/// Belongs to the session's thread.
class RealtimeTalk final : public voice::TalkSink {
 public:
  RealtimeTalk(const voice::VoiceServices& services, Session session, Dialect dialect,
               http::WebSocketSession& socket, voice::TalkLoop& loop);

  voice::Talk& talk() noexcept { return talk_; }
  /// What the client has to know first.
  void greet();
  /// Never ends the session for what the client got wrong.
  void take(const std::string& message);
  void complain(const Error& error, const std::string& event_id);

  void ready(const voice::CastNote& cast) override;
  void speech_started(const voice::Turn& turn) override;
  void speech_stopped(const voice::Turn& turn) override;
  void partial(const voice::Turn& turn, const std::string& text) override;
  void committed(const voice::Turn& turn, const std::string& previous) override;
  void heard(const voice::Turn& turn) override;
  void not_heard(const voice::Turn& turn, const Error& error) override;
  void timed_out(const voice::Turn& turn) override;
  void reply_created(const voice::Reply& reply) override;
  void reply_text(const voice::Reply& reply, const std::string& text) override;
  void reply_call(const voice::Reply& reply, const inference::ToolCallPiece& piece) override;
  void reply_speaker(const voice::Reply& reply, const speak::Speaker& speaker) override;
  void reply_sound(const voice::Reply& reply, const std::string& pcm) override;
  void interrupted(const voice::Reply& reply) override;
  void reply_done(const voice::Reply& reply) override;
  void failed(const Error& error) override;

 private:
  /// How far the events of an answer have come.
  struct Sent {
    int items = 0;  ///< that were begun
    bool has_message = false;
    SentItem message = {};
    std::map<int, SentItem> calls = {};  ///< by the index of the call
  };

  void obey(const Command& command);
  void update(const std::string& settings);
  void create_item(const Command& command);
  void respond(const std::string& response);
  void truncate(const Command& command);
  SentItem& begin_message(const voice::Reply& reply);
  std::vector<voice::Item> close_items(const voice::Reply& reply);
  std::string previous_of(const std::string& item_id);

  Session session_;
  const Dialect dialect_;
  Events events_;
  Ear ear_;
  std::map<std::string, Sent> sent_;  ///< by the id of the answer
  std::string last_reply_;
  voice::Talk talk_;  // last: it uses this
};

}  // namespace hailstone::realtime
