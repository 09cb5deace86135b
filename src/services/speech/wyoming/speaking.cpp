// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/speaking.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "inference/run_wait.hpp"
#include "services/speech/speak/script.hpp"
#include "services/speech/speak/service.hpp"
#include "services/speech/wyoming/protocol/wire_message.hpp"

namespace hailstone::wyoming {
namespace {

/// Samples: Home Assistant plays the first one when it has come.
constexpr std::size_t kChunk = 1024;
constexpr std::size_t kMostText = std::size_t{256} << 10;

std::chrono::milliseconds time_of(std::size_t samples, int rate) {
  return std::chrono::milliseconds(samples * 1000 / static_cast<std::size_t>(std::max(1, rate)));
}

}  // namespace

Speaking::Speaking(speak::SpeakService& service, VoiceName voice, Send send)
    : service_(service), voice_(std::move(voice)), send_(std::move(send)) {}

void Speaking::say(const std::string& text, bool is_ssml, const RunContext& run) {
  speak::Task task;
  task.text = text;
  task.kind = is_ssml ? speak::TextKind::kSsml : speak::TextKind::kPlain;
  task.wish.voice = voice_.name;
  task.wish.language = voice_.language;
  service_.speak(
      task, [](const speak::Speaker&) {}, [this](const media::Pcm& sound) { send_sound(sound); },
      run);
}

void Speaking::send_sound(const media::Pcm& sound) {
  if (rate_ == 0) {
    rate_ = sound.sample_rate;
    send_(write_audio_start(rate_));
  }
  std::span<const float> rest(sound.samples);
  while (!rest.empty()) {
    const auto piece = rest.first(std::min(kChunk, rest.size()));
    send_(write_audio_chunk(rate_, piece, time_of(sent_, rate_)));
    sent_ += piece.size();
    rest = rest.subspan(piece.size());
  }
}

void Speaking::finish() {
  if (rate_ != 0) send_(write_audio_stop(time_of(sent_, rate_)));
}

void TextPipe::push(std::string_view text) {
  {
    const MutexLock lock(mutex_);
    if (text_.size() + text.size() > kMostText) {
      throw Error(ErrorCode::kTooLarge, "synthesize-chunk: the text is longer than 256 KiB");
    }
    text_ += text;
  }
  changed_.notify_all();
}

void TextPipe::finish() {
  {
    const MutexLock lock(mutex_);
    is_finished_ = true;
  }
  changed_.notify_all();
}

/// Only what has a sentence behind it is surely complete: "3." may go on with "5".
std::optional<std::string> TextPipe::cut() {
  const auto sentences = speak::find_sentences(text_);
  if (is_finished_) return std::exchange(text_, {});
  if (sentences.size() < 2) return std::nullopt;
  const auto begin = text_.rfind(sentences.back());
  if (begin == std::string::npos || begin == 0) return std::nullopt;
  auto head = text_.substr(0, begin);
  text_.erase(0, begin);
  return head;
}

std::optional<std::string> TextPipe::take(const RunContext& run) {
  UniqueLock lock(mutex_);
  std::optional<std::string> next;
  wait_for(changed_, lock.native(), run, [&] {
    mutex_.assert_held();
    next = cut();
    return next.has_value();
  });
  if (trim(*next).empty() && is_finished_) return std::nullopt;
  return next;
}

}  // namespace hailstone::wyoming
