// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/answering.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "inference/run_wait.hpp"
#include "media/audio/resampler.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/voice/talk/cast_keeper.hpp"
#include "services/text/chat/service.hpp"

namespace hailstone::voice {
namespace {

ReplyNote make_note(int number, ReplyNote::Kind kind) {
  ReplyNote note{number, kind};
  note.at = system_clock().now();
  return note;
}

/// 16 bits, little endian.
std::string to_pcm16(const std::vector<float>& samples) {
  std::string bytes(samples.size() * 2, '\0');
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto value = static_cast<std::uint16_t>(
        static_cast<std::int16_t>(std::lround(std::clamp(samples[i], -1.0F, 1.0F) * 32767.0F)));
    bytes[2 * i] = static_cast<char>(value & 0xFFU);
    bytes[2 * i + 1] = static_cast<char>(value >> 8U);
  }
  return bytes;
}

/// What is written, to the talk and to the voice.
class Script final : public chat::ReplySink {
 public:
  Script(int number, ClauseQueue* clauses, const Post& post)
      : number_(number), clauses_(clauses), post_(post) {}

  void begin(const chat::Started& started) override {
    auto note = make_note(number_, ReplyNote::Kind::kBegun);
    note.started = started;
    post_(std::move(note));
  }

  void piece(inference::TextChunk&& chunk) override {
    if (clauses_ != nullptr) {
      for (auto& clause : cutter_.push(chunk.text)) clauses_->push(std::move(clause));
    }
    if (chunk.text.empty() && chunk.tool_calls.empty()) return;
    auto note = make_note(number_, ReplyNote::Kind::kPiece);
    note.chunk = std::move(chunk);
    post_(std::move(note));
  }

  void finish(const chat::Summary& summary) {
    if (clauses_ != nullptr) {
      if (auto rest = cutter_.finish()) clauses_->push(*std::move(rest));
      clauses_->finish();
    }
    auto note = make_note(number_, ReplyNote::Kind::kWritten);
    note.summary = summary;
    post_(std::move(note));
  }

 private:
  const int number_;
  ClauseQueue* const clauses_;
  const Post& post_;
  ClauseCutter cutter_;
};

/// Has clauses said, and brings their sound to the talk, at its rate and not too early.
class Mouth {
 public:
  Mouth(int number, speak::SpeakService& speak, const SayPlan& plan, const Post& post,
        const RunContext& run)
      : number_(number), speak_(speak), plan_(plan), post_(post), run_(run) {}

  void say(const std::string& clause) {
    auto note = make_note(number_, ReplyNote::Kind::kClause);
    note.text = clause;
    post_(std::move(note));
    if (!has_words(clause)) return;
    speak::Task task;
    task.text = clause;
    task.wish = plan_.wish;
    task.speed = plan_.speed;
    speak_.speak(
        task, [this](const speak::Speaker& speaker) { tell(speaker); },
        [this](const media::Pcm& piece) { take(piece); }, run_);
  }

  void finish() {
    if (resampler_) {
      std::vector<float> rest;
      resampler_->finish(rest);
      send(rest);
    }
    post_(make_note(number_, ReplyNote::Kind::kSpoken));
  }

 private:
  void tell(const speak::Speaker& speaker) {
    if (std::exchange(is_told_, true)) return;
    auto note = make_note(number_, ReplyNote::Kind::kSpeaker);
    note.speaker = speaker;
    post_(std::move(note));
  }

  void take(const media::Pcm& piece) {
    if (!resampler_ || piece.sample_rate != rate_) {
      rate_ = piece.sample_rate;
      resampler_.emplace(rate_, plan_.output_rate);
    }
    std::vector<float> samples;
    resampler_->push(piece.samples, samples);
    send(samples);
  }

  void send(const std::vector<float>& samples) {
    if (samples.empty()) return;
    auto note = make_note(number_, ReplyNote::Kind::kSound);
    note.length = Length(static_cast<std::int64_t>(samples.size()) * 1'000'000 / plan_.output_rate);
    note.sound = to_pcm16(samples);
    keep_pace();
    playback_.send(note.length, system_clock().now());
    post_(std::move(note));
  }

  void keep_pace() {
    if (!plan_.ahead) return;
    const Length early = playback_.sent() - playback_.position(system_clock().now());
    if (early > *plan_.ahead) pause(early - *plan_.ahead, run_);
  }

  const int number_;
  speak::SpeakService& speak_;
  const SayPlan& plan_;
  const Post& post_;
  const RunContext& run_;
  std::optional<media::Resampler> resampler_;
  int rate_ = 0;
  Playback playback_;
  bool is_told_ = false;
};

/// The top of a worker: what it throws becomes a note.
template <typename Work>
void report_failure(int number, const Post& post, Work&& work) {
  try {
    try {
      work();
    } catch (...) {
      auto note = make_note(number, ReplyNote::Kind::kFailed);
      note.failure = std::current_exception();
      post(std::move(note));
    }
  } catch (...) {  // the talk is over: nobody reads notes any more
  }
}

}  // namespace

void ClauseQueue::push(std::string clause) {
  const std::lock_guard lock(mutex_);
  clauses_.push_back(std::move(clause));
  changed_.notify_all();
}

void ClauseQueue::finish() {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
  changed_.notify_all();
}

std::optional<std::string> ClauseQueue::take(const RunContext& run) {
  std::unique_lock lock(mutex_);
  wait_for(changed_, lock, run, [this] { return is_finished_ || !clauses_.empty(); });
  if (clauses_.empty()) return std::nullopt;
  std::string clause = std::move(clauses_.front());
  clauses_.pop_front();
  return clause;
}

Answering::Answering(int number, const VoiceServices& services, chat::ChatTask task,
                     std::optional<SayPlan> plan, const RunContext& talk, Post post)
    : writer_("voice-write", talk,
              [this, number, services, post, task = std::move(task),
               is_said = plan.has_value()](const RunContext& run) mutable {
                report_failure(number, post, [&] {
                  if (task.model.empty()) task.model = choose_chat_model(services.models, {});
                  Script script(number, is_said ? &clauses_ : nullptr, post);
                  script.finish(services.chat.chat(task, script, run));
                });
              }) {
  if (!plan) return;
  speaker_.emplace("voice-say", talk,
                   [this, number, services, post, plan = *std::move(plan)](const RunContext& run) {
                     report_failure(number, post, [&] {
                       Mouth mouth(number, services.speak, plan, post, run);
                       while (const auto clause = clauses_.take(run)) mouth.say(*clause);
                       mouth.finish();
                     });
                   });
}

void Answering::stop() {
  writer_.stop();
  if (speaker_) speaker_->stop();
}

}  // namespace hailstone::voice
