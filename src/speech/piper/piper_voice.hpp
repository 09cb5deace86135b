// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Piper voice: a VITS network (Kim, Kong and Son 2021) as Piper exports it, from phonemes to
// samples.

#include <functional>
#include <string>
#include <vector>

#include "inference/audio_sessions.hpp"
#include "inference/tensor_session.hpp"
#include "inference/voices/say_request.hpp"
#include "speech/piper/voice_config.hpp"

namespace hailstone::speech::piper {

/// How a text is pronounced by that voice of espeak-ng, in IPA: a line for each clause, which ends
/// with the mark that ends it in the text. May throw what SaySession::say throws.
using Pronounce = std::function<std::string(const std::string& text, const std::string& voice,
                                            const RunContext& run)>;

/// Thread-safe where pronounce is.
class PiperVoice : public inference::SaySession {
 public:
  /// The network outlives it. Throws Error(kBadRequest) where its inputs are not those of a Piper
  /// voice, or not of as many speakers as the file names.
  PiperVoice(inference::TensorSession& network, VoiceConfig config, Pronounce pronounce);

  /// A piece of audio per sentence, each as loud as it can be. The request's voice is a speaker's
  /// name; [[phonemes]] are taken as they stand.
  void say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
           const RunContext& run) override;
  std::vector<inference::Voice> voices() const override;

 private:
  std::vector<std::string> sentences(const std::string& text, const RunContext& run) const;
  std::int64_t find_speaker(const inference::SayRequest& request) const;
  std::vector<inference::Tensor> inputs(const inference::SayRequest& request,
                                        const std::vector<std::int64_t>& ids) const;

  inference::TensorSession& network_;
  const VoiceConfig config_;
  const Pronounce pronounce_;
};

/// What a model's facts have of its voices: one per speaker, the default first.
std::vector<inference::VoiceFact> voice_facts(const VoiceConfig& config);

}  // namespace hailstone::speech::piper
