// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One utterance: sound in while it is spoken, its transcript out.

#include <atomic>
#include <chrono>
#include <string>

#include "base/run_context.hpp"
#include "inference/audio_pipe.hpp"
#include "services/speech/sound/speech_gate.hpp"
#include "services/speech/wyoming/protocol/send.hpp"
#include "services/speech/wyoming/protocol/sound_input.hpp"

namespace hailstone::transcribe {
class TranscribeService;
struct Listening;
struct Task;
}  // namespace hailstone::transcribe

namespace hailstone::wyoming {

/// push() and finish() belong to who reads the client, run() to who works for it.
class Hearing {
 public:
  /// begin: the time of the first sample, as the client counts. Throws Error(kBadRequest) for what
  /// is no language.
  Hearing(transcribe::TranscribeService& service, const Transcribe& wish, Timestamp begin,
          Send send);

  /// Tells the client when somebody begins and ends to speak. Blocks where too much waits to be
  /// heard. Throws as RunContext::check and SoundInput::push do.
  void push(const AudioChunk& chunk, const RunContext& run);
  /// The end of the sound.
  void finish();

  /// Blocks until all is heard, and sends the transcript, piece by piece where the model hears
  /// while it is spoken. Throws as TranscribeService does.
  void run(const RunContext& run);

 private:
  void tell(const std::vector<sound::GateEvent>& events);
  std::chrono::milliseconds time_of(std::uint64_t sample) const;
  void hear_stream(const transcribe::Listening& listening);
  void hear_whole(const transcribe::Task& task, const RunContext& run);
  void take_piece(const inference::HearEvent& event);
  void send_transcript(const std::string& language);

  transcribe::TranscribeService& service_;
  const std::string model_;
  const std::string language_;
  const std::chrono::milliseconds begin_;
  const Send send_;

  SoundInput input_;
  std::vector<float> samples_;
  sound::SpeechGate gate_;
  std::atomic<bool> has_speech_{false};
  inference::AudioPipe pipe_;

  std::string text_;      // final
  std::size_t told_ = 0;  // bytes of the present segment that the client has
};

}  // namespace hailstone::wyoming
