// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A question asked aloud, answered aloud, in one go.

#include "base/run_context.hpp"
#include "media/audio/files/byte_source.hpp"
#include "media/pcm.hpp"
#include "services/speech/speak/task.hpp"
#include "services/speech/voice/talk/task.hpp"
#include "services/speech/voice/talk/voice_services.hpp"

namespace hailstone::voice {

struct Question {
  Cast cast;
  ReplyOptions reply;
  std::vector<Item> history = {};
};

struct Answered {
  std::string transcript;
  std::string language;
  std::string answer;
  media::Pcm sound;  ///< none where the reply does not speak
  std::string chat_model;
  std::string chat_engine;
  speak::Speaker speaker = {};
  milliseconds duration{};   ///< of the question
  milliseconds hear_time{};  ///< that each stage took
  milliseconds chat_time{};
  milliseconds speak_time{};
};

/// Blocks. Throws Error(kBadRequest) where the recording has no speech or the answer no words,
/// kTooLarge for an answer of more than ten minutes, and what the three services throw.
Answered answer(const VoiceServices& services, media::ByteSource& audio, const Question& question,
                const RunContext& run);

}  // namespace hailstone::voice
