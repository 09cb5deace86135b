// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Somebody talks with the machine: sound goes in, and what happens comes out, in order, on one
// thread. The work itself is done by workers, which report to that thread.

#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "services/speech/sound/leased_detector.hpp"
#include "services/speech/voice/talk/answering.hpp"
#include "services/speech/voice/talk/cast_keeper.hpp"
#include "services/speech/voice/talk/hearing.hpp"
#include "services/speech/voice/talk/notes.hpp"
#include "services/speech/voice/talk/task.hpp"
#include "services/speech/voice/talk/voice_services.hpp"
#include "services/speech/voice/turns/recent_sound.hpp"

namespace hailstone::voice {

/// What happens in a talk, told on its thread. What a function throws ends the talk.
class TalkSink {
 public:
  virtual ~TalkSink() = default;
  virtual void ready(const CastNote& cast) = 0;
  virtual void speech_started(const Turn& turn) = 0;
  virtual void speech_stopped(const Turn& turn) = 0;
  /// Text of a turn that is still going on.
  virtual void partial(const Turn& turn, const std::string& text) = 0;
  /// Its item has come into the conversation, without text as yet.
  virtual void committed(const Turn& turn, const std::string& previous_item) = 0;
  /// Its item has its text.
  virtual void heard(const Turn& turn) = 0;
  virtual void not_heard(const Turn& turn, const Error& error) = 0;
  virtual void timed_out(const Turn& turn) = 0;
  virtual void reply_created(const Reply& reply) = 0;
  virtual void reply_text(const Reply& reply, const std::string& text) = 0;
  virtual void reply_call(const Reply& reply, const inference::ToolCallPiece& piece) = 0;
  virtual void reply_speaker(const Reply& reply, const speak::Speaker& speaker) = 0;
  /// 16 bits, little endian, of the talk's output rate.
  virtual void reply_sound(const Reply& reply, const std::string& pcm) = 0;
  /// Also where the answer was complete but is still being played. Its heard text is known.
  virtual void interrupted(const Reply& reply) = 0;
  virtual void reply_done(const Reply& reply) = 0;
  /// What concerns the talk as a whole, which goes on.
  virtual void failed(const Error& error) = 0;
};

/// Belongs to one thread. Functions throw Error(kBadRequest, kNotFound, kConflict) for what the
/// client got wrong; the talk is as before then.
class Talk {
 public:
  /// post brings notes to take(); run is the talk's: its stop ends all workers. The sink outlives
  /// the talk.
  Talk(VoiceServices services, TalkOptions options, TalkSink& sink, Post post, RunContext run);
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  const TalkOptions& options() const noexcept { return options_; }
  /// Counts from now on.
  void configure(TalkOptions options);
  /// Loads the models in the background; then ready() comes.
  void warm_up(CastParts parts);

  /// Of the user's side, 16 kHz. May wait where recognisers are minutes behind.
  void hear(std::span<const float> samples);
  /// The turn is over. Throws Error(kBadRequest) where less than 100 ms have come.
  void commit(Answer answer);
  /// Forgets what has come and is in no turn yet.
  void clear_input();

  Conversation& conversation() noexcept { return conversation_; }
  /// Throws Error(kConflict) where one is in progress already. Gives its id.
  std::string respond(ReplyWish wish);
  /// Empty: whatever answer is in progress. False where there is none.
  bool cancel(const std::string& reply_id);
  /// The client's word how much of the last answer it has played.
  void set_played(Length played);

  void take(Note&& note);
  /// To be called at least as often as next_tick() says.
  void tick();
  Deadline next_tick() const;

 private:
  struct OpenTurn;
  struct OpenReply;

  // talk_turns.cpp
  void hear_turn(std::span<const float> samples);
  void act(const TurnEvent& event);
  void begin_turn(std::uint64_t at);
  void begin_hearing(OpenTurn& turn, std::uint64_t from);
  void feed(OpenTurn& turn);
  void pause_turn(OpenTurn& turn);
  void end_turn(std::uint64_t at);
  void commit_turn(std::unique_ptr<OpenTurn> turn);
  void take_heard(HearNote&& note);
  void judge_pause();
  void settle_turns();
  void settle(OpenTurn& turn);
  bool is_replying() noexcept { return find_active() != nullptr; }
  OpenTurn* find_turn(int hearing) noexcept;
  void await_idle();
  void speak_after_silence();

  // talk_replies.cpp
  std::string begin_reply(ReplyWish wish, const OpenTurn* turn);
  void start_waiting();
  void start(OpenReply& reply);
  chat::ChatTask make_task(const OpenReply& reply) const;
  void take_reply(ReplyNote&& note);
  void take_piece(OpenReply& reply, ReplyNote&& note);
  void take_sound(OpenReply& reply, ReplyNote&& note);
  void finish_if_done(OpenReply& reply);
  void finish(OpenReply& reply, Reply::Status status, Reply::Reason reason);
  void keep_item(OpenReply& reply);
  void interrupt();
  void cut_to_heard(OpenReply& reply);
  OpenReply* find_active() noexcept;
  void reap();

  VoiceServices services_;
  TalkOptions options_;
  TalkSink& sink_;
  const Post post_;
  const RunContext run_;
  CastKeeper cast_;
  CastParts parts_;
  Conversation conversation_;

  sound::LeasedDetector detector_;
  std::unique_ptr<TurnDetector> turns_;
  RecentSound recent_;
  std::uint64_t turns_begin_ = 0;  ///< where in the stream turns_ counts from
  std::uint64_t committed_until_ = 0;
  std::unique_ptr<OpenTurn> turn_;                  ///< the user speaks
  std::list<std::unique_ptr<OpenTurn>> committed_;  ///< whose text is not known yet
  std::optional<SteadyTime> idle_at_;

  std::list<std::unique_ptr<OpenReply>> replies_;  ///< in progress, and the last one
  bool owes_reply_ = false;                        ///< to what was said during an answer
  int last_reply_ = 0;
  int last_hearing_ = 0;
  SteadyTime last_activity_;
  SteadyTime last_sound_;
  bool is_ready_ = false;
  std::string chat_model_;                            ///< that is loaded
  std::list<std::unique_ptr<Hearing>> old_hearings_;  ///< until they have ended
  std::unique_ptr<Worker> warmer_;
};

}  // namespace hailstone::voice
