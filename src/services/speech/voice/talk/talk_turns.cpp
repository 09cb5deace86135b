// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// The user's side of a talk: sound to turns, turns to text.
#include <algorithm>
#include <utility>

#include "base/ids.hpp"
#include "services/speech/sound/microphone_detector.hpp"
#include "services/speech/voice/talk/talk_state.hpp"

namespace hailstone::voice {
namespace {

/// How much is looked at at a time: as finely as a microphone sends it.
constexpr std::size_t kStep = sound::kSampleRate / 50;
/// OpenAI's figure: less is a slip of the finger.
constexpr milliseconds kLeastTurn{100};
/// Before somebody goes on within a turn.
constexpr milliseconds kShortPrefix{200};

milliseconds time_of(std::uint64_t samples) {
  return milliseconds(samples * 1000 / sound::kSampleRate);
}
std::uint64_t samples_of(milliseconds time) {
  return static_cast<std::uint64_t>(time.count()) * sound::kSampleRate / 1000;
}
std::uint64_t before(std::uint64_t place, milliseconds time) {
  return place - std::min(place, samples_of(time));
}

}  // namespace

void Talk::hear(std::span<const float> samples) {
  last_sound_ = system_clock().now();
  if (options_.turn_taking == TurnTaking::kAutomatic) return hear_turn(samples);
  const auto begin = recent_.end();
  for (std::size_t at = 0; at < samples.size(); at += RecentSound::kMost) {
    recent_.push(samples.subspan(at, std::min(RecentSound::kMost, samples.size() - at)));
    if (!turn_) {
      begin_turn(begin);
      begin_hearing(*turn_, begin);
      if (options_.may_interrupt) interrupt();
    }
    feed(*turn_);
  }
}

void Talk::hear_turn(std::span<const float> samples) {
  if (!turns_) {
    if (!detector_.detector) {
      detector_ = sound::acquire_detector(services_.models, run_);
      if (detector_.lease) {
        detector_.lease->give_back_slot();
      } else {
        detector_.detector = sound::make_microphone_detector();
      }
      turns_ = std::make_unique<TurnDetector>(std::move(detector_.detector), options_.turns);
    }
    turns_begin_ = recent_.end();
  }
  for (std::size_t at = 0; at < samples.size(); at += kStep) {
    const auto step = samples.subspan(at, std::min(kStep, samples.size() - at));
    recent_.push(step);
    for (const auto& event : turns_->push(step)) act(event);
    if (turn_ && turn_->hearing) feed(*turn_);
  }
}

void Talk::act(const TurnEvent& event) {
  const std::uint64_t at = turns_begin_ + event.at;
  switch (event.kind) {
    case TurnEvent::Kind::kStarted:
      begin_turn(at);
      begin_hearing(*turn_, before(at, options_.prefix));
      sink_.speech_started(turn_->view);
      if (options_.may_interrupt) interrupt();
      break;
    case TurnEvent::Kind::kPaused:
      if (!turn_) break;
      turn_->speech_end = last_sound_ - std::chrono::duration_cast<SteadyTime::duration>(
                                            time_of(recent_.end() - at));
      turn_->view.end = time_of(at);
      pause_turn(*turn_);
      break;
    case TurnEvent::Kind::kResumed:
      if (!turn_) break;
      turn_->is_paused = false;
      begin_hearing(*turn_, std::max(before(at, kShortPrefix), turn_->fed_until));
      break;
    case TurnEvent::Kind::kEnded:
      if (turn_) end_turn(at);
      break;
  }
}

void Talk::begin_turn(std::uint64_t at) {
  const auto now = system_clock().now();
  last_activity_ = now;
  idle_at_.reset();
  if (is_ready_ && cast_.is_empty()) warm_up(parts_);
  turn_ = std::make_unique<OpenTurn>();
  turn_->view.item_id = make_id("item_");
  turn_->view.begin = time_of(at);
  turn_->begin = at;
}

void Talk::begin_hearing(OpenTurn& turn, std::uint64_t from) {
  transcribe::Task task;
  task.model = options_.cast.hear;
  task.options.language = options_.cast.language;
  task.options.prompt = options_.hint;
  if (turn.hearing) old_hearings_.push_back(std::move(turn.hearing));
  turn.hearing = std::make_unique<Hearing>(++last_hearing_, services_.transcribe, std::move(task),
                                           run_, post_);
  turn.stretches.push_back({last_hearing_});
  turn.fed_until = std::max(from, committed_until_);
  feed(turn);
}

void Talk::feed(OpenTurn& turn) {
  const auto samples = recent_.from(turn.fed_until);
  if (samples.empty()) return;
  turn.hearing->push(samples, run_);
  turn.fed_until = recent_.end();
  turn.view.sound += time_of(samples.size());
}

/// What was said so far becomes final: it may be all.
void Talk::pause_turn(OpenTurn& turn) {
  turn.is_paused = true;
  if (!turn.hearing) return;
  feed(turn);
  turn.hearing->finish();
  old_hearings_.push_back(std::move(turn.hearing));
}

void Talk::end_turn(std::uint64_t at) {
  auto turn = std::move(turn_);
  pause_turn(*turn);
  turn->view.end = time_of(at);
  turn->view.turn_end = turn->since_end(system_clock().now());
  turn->wants_reply = options_.replies;
  sink_.speech_stopped(turn->view);
  commit_turn(std::move(turn));
}

void Talk::commit(Answer answer) {
  if (time_of(recent_.end() - committed_until_) < kLeastTurn) {
    throw Error(ErrorCode::kBadRequest,
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of "
                "audio, but buffer only has " +
                    std::to_string(time_of(recent_.end() - committed_until_).count()) +
                    ".00ms of audio.");
  }
  if (!turn_) {  // the detector has noticed nobody
    const auto from =
        std::max(committed_until_, before(recent_.end(), time_of(RecentSound::kMost)));
    begin_turn(from);
    begin_hearing(*turn_, from);
  }
  turns_.reset();  // a new one begins with the next sound
  auto turn = std::move(turn_);
  pause_turn(*turn);
  turn->speech_end = system_clock().now();
  turn->view.end = time_of(recent_.end());
  turn->view.turn_end = milliseconds(0);
  turn->wants_reply = answer == Answer::kWanted;
  commit_turn(std::move(turn));
}

void Talk::commit_turn(std::unique_ptr<OpenTurn> turn) {
  committed_until_ = recent_.end();
  Item item;
  item.id = turn->view.item_id;
  item.contents.push_back({Content::Kind::kAudio});
  const std::string previous = conversation_.add(std::move(item));
  sink_.committed(turn->view, previous);
  committed_.push_back(std::move(turn));
  settle_turns();
}

void Talk::clear_input() {
  committed_until_ = recent_.end();
  turns_.reset();
  if (turn_ && turn_->hearing) {
    turn_->hearing->stop();
    old_hearings_.push_back(std::move(turn_->hearing));
  }
  turn_.reset();
}

Talk::OpenTurn* Talk::find_turn(int hearing) noexcept {
  const auto has_it = [hearing](const OpenTurn& turn) {
    return std::any_of(turn.stretches.begin(), turn.stretches.end(),
                       [hearing](const auto& stretch) { return stretch.number == hearing; });
  };
  if (turn_ && has_it(*turn_)) return turn_.get();
  for (auto& turn : committed_) {
    if (has_it(*turn)) return turn.get();
  }
  return nullptr;
}

void Talk::take_heard(HearNote&& note) {
  OpenTurn* turn = find_turn(note.hearing);
  if (turn == nullptr) return;  // forgotten
  const auto stretch = std::find_if(turn->stretches.begin(), turn->stretches.end(),
                                    [&](const auto& one) { return one.number == note.hearing; });
  if (note.kind == HearNote::Kind::kPartial) {
    stretch->text = std::move(note.text);
    sink_.partial(turn->view, turn->text());
    return;
  }
  stretch->is_done = true;
  if (note.kind == HearNote::Kind::kFailed) {
    try {
      std::rethrow_exception(note.failure);
    } catch (...) {
      turn->failure = current_error();
    }
  } else {
    stretch->text = std::move(note.text);
    if (!note.language.empty()) turn->view.language = std::move(note.language);
  }
  turn->heard_at = system_clock().now();
  judge_pause();
  settle_turns();
}

/// Whether the user has said all, as soon as that can be told.
void Talk::judge_pause() {
  if (!turn_ || !turns_ || !turn_->is_paused || !turn_->is_heard()) return;
  for (const auto& event : turns_->judge(judge_completeness(turn_->text()))) act(event);
}

/// In the order in which they were said.
void Talk::settle_turns() {
  while (!committed_.empty() && committed_.front()->is_heard()) {
    const auto turn = std::move(committed_.front());
    committed_.pop_front();
    settle(*turn);
  }
  start_waiting();
}

void Talk::settle(OpenTurn& turn) {
  turn.view.text = turn.text();
  turn.view.heard = std::max(milliseconds(0), turn.since_end(turn.heard_at));
  if (Item* item = conversation_.find(turn.view.item_id)) {
    if (!item->contents.empty()) item->contents.front().text = turn.view.text;
  }
  if (turn.failure) {
    sink_.not_heard(turn.view, *turn.failure);
    return;
  }
  sink_.heard(turn.view);
  if (!turn.wants_reply || turn.view.text.empty()) return;
  if (turn_) return;  // whoever goes on gets one answer to all of it
  if (is_replying()) {
    owes_reply_ = true;
    return;
  }
  begin_reply({options_.reply}, &turn);
}

void Talk::await_idle() {
  idle_at_.reset();
  if (!options_.idle || replies_.empty() || turn_) return;
  idle_at_ = std::max(system_clock().now(), replies_.back()->playback.end()) + *options_.idle;
}

void Talk::speak_after_silence() {
  idle_at_.reset();
  if (turn_ || is_replying()) return;
  OpenTurn turn;
  turn.view.item_id = make_id("item_");
  turn.view.begin = turn.view.end = time_of(recent_.end());
  Item item;
  item.id = turn.view.item_id;
  item.contents.push_back({Content::Kind::kAudio, "(silence)"});
  sink_.timed_out(turn.view);
  sink_.committed(turn.view, conversation_.add(std::move(item)));
  committed_until_ = recent_.end();
  begin_reply({options_.reply}, nullptr);
}

}  // namespace hailstone::voice
