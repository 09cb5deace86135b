// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/talk.hpp"

#include <utility>

#include "services/speech/voice/talk/talk_state.hpp"

namespace hailstone::voice {
namespace {

constexpr milliseconds kBusyTick{100};
constexpr milliseconds kIdleTick{1000};
/// After so long without a word the models may go if others need their memory.
constexpr std::chrono::seconds kKeepCast{60};
/// A microphone that is silent for so long has been switched off: its turn is over.
constexpr milliseconds kLostSound{1000};

}  // namespace

Talk::Talk(VoiceServices services, TalkOptions options, TalkSink& sink, Post post, RunContext run)
    : services_(services),
      options_(std::move(options)),
      sink_(sink),
      post_(std::move(post)),
      run_(std::move(run)),
      cast_(services.models, services.speak),
      last_activity_(system_clock().now()),
      last_sound_(last_activity_) {}

Talk::~Talk() {
  // All at once, then each is waited for.
  if (warmer_) warmer_->stop();
  for (auto& hearing : old_hearings_) hearing->stop();
  for (auto& turn : committed_) {
    if (turn->hearing) turn->hearing->stop();
  }
  if (turn_ && turn_->hearing) turn_->hearing->stop();
  for (auto& reply : replies_) {
    if (reply->answering) reply->answering->stop();
  }
}

void Talk::configure(TalkOptions options) {
  const bool keeps_turns =
      options.turn_taking == options_.turn_taking && options.turns == options_.turns;
  const bool is_other_cast = !(options.cast == options_.cast);
  options_ = std::move(options);
  if (!keeps_turns) {
    if (turn_ && turn_->hearing) {
      turn_->hearing->stop();
      old_hearings_.push_back(std::move(turn_->hearing));
    }
    turn_.reset();
    turns_.reset();
  }
  if (is_other_cast && is_ready_) {
    cast_.drop();
    chat_model_.clear();
    warm_up(parts_);
  }
}

void Talk::warm_up(CastParts parts) {
  parts_ = parts;
  if (warmer_ && !warmer_->is_done()) return;
  warmer_ = std::make_unique<Worker>("voice-warm", run_,
                                     [this, cast = options_.cast, parts](const RunContext& run) {
                                       CastNote note;
                                       try {
                                         note = cast_.load(cast, parts, run);
                                       } catch (...) {  // the top of this worker
                                         note.failure = std::current_exception();
                                       }
                                       try {
                                         post_(std::move(note));
                                       } catch (...) {  // the talk is over
                                       }
                                     });
}

void Talk::take(Note&& note) {
  if (auto* heard = std::get_if<HearNote>(&note)) return take_heard(std::move(*heard));
  if (auto* reply = std::get_if<ReplyNote>(&note)) return take_reply(std::move(*reply));
  const auto& cast = std::get<CastNote>(note);
  if (cast.failure) {
    try {
      std::rethrow_exception(cast.failure);
    } catch (...) {
      sink_.failed(current_error());
    }
    return;
  }
  chat_model_ = cast.chat;
  if (!std::exchange(is_ready_, true)) sink_.ready(cast);
}

Deadline Talk::next_tick() const {
  return Deadline::in(turn_ || idle_at_ || !replies_.empty() ? kBusyTick : kIdleTick);
}

void Talk::tick() {
  const auto now = system_clock().now();
  reap();
  cast_.look();
  if (turn_ || is_replying()) last_activity_ = now;
  if (now - last_activity_ > kKeepCast) cast_.drop();
  const bool is_automatic = options_.turn_taking == TurnTaking::kAutomatic;
  if (turn_ && is_automatic && now - last_sound_ > kLostSound && turns_) {
    for (const auto& event : turns_->finish()) act(event);
  }
  if (idle_at_ && now >= *idle_at_) speak_after_silence();
}

/// Those that have ended, without waiting for them.
void Talk::reap() {
  std::erase_if(old_hearings_, [](const auto& hearing) { return hearing->is_done(); });
  const auto now = system_clock().now();
  std::erase_if(replies_, [&](const auto& reply) {
    const bool may_be_cut = reply->number == last_reply_ && reply->playback.is_playing(now);
    return reply->is_over() && !may_be_cut && (!reply->answering || reply->answering->is_done());
  });
}

}  // namespace hailstone::voice
