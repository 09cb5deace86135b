// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/hearing.hpp"

#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/speech/sound/voice_detector.hpp"
#include "services/speech/transcribe/service.hpp"

namespace hailstone::voice {
namespace {

/// Sound that waits while the recogniser is busy.
constexpr std::size_t kMostWaiting = 120U * sound::kSampleRate;

void listen(int number, transcribe::TranscribeService& service, const transcribe::Task& task,
            inference::AudioPipe& pipe, const Post& post, const RunContext& run) {
  const auto listening = service.listen(task, run);
  std::string text;  // that is final
  const std::string language = listening.run(pipe, [&](inference::HearEvent&& event) {
    if (event.kind == inference::HearEvent::Kind::kProgress) return;
    std::string so_far = text + event.segment.text;
    if (event.kind == inference::HearEvent::Kind::kFinal) text = so_far;
    HearNote note{number};
    note.text = trim(so_far);
    post(std::move(note));
  });
  HearNote done{number, HearNote::Kind::kDone};
  done.text = trim(text);
  done.language = language;
  post(std::move(done));
}

}  // namespace

Hearing::Hearing(int number, transcribe::TranscribeService& service, transcribe::Task task,
                 const RunContext& talk, Post post)
    : number_(number),
      pipe_(sound::kSampleRate, kMostWaiting),
      worker_(
          "voice-hear", talk,
          [this, &service, task = std::move(task), post = std::move(post)](const RunContext& run) {
            try {
              try {
                listen(number_, service, task, pipe_, post, run);
              } catch (...) {
                pipe_.finish();  // nobody shall wait for room in it
                HearNote failed{number_, HearNote::Kind::kFailed};
                failed.failure = std::current_exception();
                post(std::move(failed));
              }
            } catch (...) {  // the talk is over: nobody reads notes any more
            }
          }) {}

}  // namespace hailstone::voice
