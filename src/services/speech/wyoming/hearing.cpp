// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/hearing.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "media/audio/encoder.hpp"
#include "media/audio/files/byte_source.hpp"
#include "services/speech/transcribe/languages.hpp"
#include "services/speech/transcribe/service.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"

namespace hailstone::wyoming {
namespace {

using std::chrono::milliseconds;

/// Sound that waits while a model is loaded.
constexpr std::size_t kMostWaiting = 60U * sound::kSampleRate;
/// Of an utterance for a model that hears only whole ones.
constexpr std::size_t kLongestWhole = 600U * sound::kSampleRate;

std::string language_code(const std::string& language) {
  if (const auto code = transcribe::find_language_code(language)) return *code;
  throw Error(ErrorCode::kBadRequest,
              "transcribe: language '" + std::string(utf8_prefix(language, 40)) + "' is not known",
              "a code such as en, de or fr");
}

sound::GateOptions gate_options(milliseconds silence) {
  sound::GateOptions options;
  options.min_silence = silence;
  return options;
}

}  // namespace

Hearing::Hearing(transcribe::TranscribeService& service, const Transcribe& wish, Timestamp begin,
                 Send send)
    : service_(service),
      model_(wish.model),
      language_(language_code(wish.language)),
      begin_(begin.value_or(milliseconds(0))),
      send_(std::move(send)),
      gate_(sound::make_energy_detector(), gate_options(wish.silence)),
      pipe_(sound::kSampleRate, kMostWaiting) {}

void Hearing::push(const AudioChunk& chunk, const RunContext& run) {
  samples_.clear();
  input_.push(chunk, samples_);
  const auto events = gate_.push(samples_);
  pipe_.push(samples_, run);
  for (const auto& event : events) {
    if (event.kind == sound::GateEvent::Kind::kStopped) pipe_.end_utterance();
  }
  tell(events);
}

void Hearing::finish() {
  tell(gate_.finish());
  pipe_.finish();
}

void Hearing::tell(const std::vector<sound::GateEvent>& events) {
  for (const auto& event : events) {
    const bool starts = event.kind == sound::GateEvent::Kind::kStarted;
    if (starts) has_speech_ = true;
    const auto at = time_of(event.at);
    send_(starts ? write_voice_started(at) : write_voice_stopped(at));
  }
}

milliseconds Hearing::time_of(std::uint64_t sample) const {
  return begin_ + milliseconds(sample * 1000 / sound::kSampleRate);
}

void Hearing::run(const RunContext& run) {
  transcribe::Task task;
  task.model = model_;
  task.options.language = language_;
  std::optional<transcribe::Listening> listening;
  try {
    listening = service_.listen(task, run);
  } catch (const Error& error) {  // it may hear whole clips, or says the same again
    if (error.code() != ErrorCode::kUnsupported) throw;
  }
  if (listening) {
    hear_stream(*listening);
  } else {
    hear_whole(task, run);
  }
}

void Hearing::hear_stream(const transcribe::Listening& listening) {
  send_(write_transcript_start(language_));
  const auto language =
      listening.run(pipe_, [this](inference::HearEvent&& event) { take_piece(event); });
  send_transcript(language);
}

/// Of a segment that is still heard goes what will not change.
void Hearing::take_piece(const inference::HearEvent& event) {
  using Kind = inference::HearEvent::Kind;
  if (event.kind == Kind::kProgress) return;
  const auto& text = event.segment.text;
  const auto known = event.kind == Kind::kFinal ? text.size() : std::min(event.stable, text.size());
  if (has_speech_ && known > told_) {
    send_(write_transcript_chunk(std::string_view(text).substr(told_, known - told_)));
    told_ = known;
  }
  if (event.kind != Kind::kFinal) return;
  text_ += text;
  told_ = 0;
}

void Hearing::hear_whole(const transcribe::Task& task, const RunContext& run) {
  send_(write_transcript_start(language_));
  media::Pcm sound{sound::kSampleRate, {}};
  for (bool is_last = false; !is_last;) {
    const auto piece = pipe_.take(Deadline::never(), run);
    is_last = piece.is_last;
    sound.samples.insert(sound.samples.end(), piece.samples.begin(), piece.samples.end());
    if (sound.samples.size() > kLongestWhole) {
      throw Error(ErrorCode::kTooLarge, "the utterance is longer than ten minutes");
    }
  }
  std::string language = language_;
  if (has_speech_) {
    const auto bytes = media::encode_sound(media::SoundFormat::kWav, sound);
    media::MemorySource source(bytes);
    auto result = service_.transcribe(source, task, {}, run);
    text_ = std::move(result.text);
    language = std::move(result.language);
    send_(write_transcript_chunk(text_));
  }
  send_transcript(language);
}

/// Recognisers make words of a noise, too: where nobody spoke nothing was said.
void Hearing::send_transcript(const std::string& language) {
  const std::string text(has_speech_ ? trim(text_) : std::string_view());
  send_(write_transcript(text, language));
  send_(write_transcript_stop());
}

}  // namespace hailstone::wyoming
