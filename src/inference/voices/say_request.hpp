// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What engines that speak have in common: the limits of a request, and how they say in a model's
// facts which voices it has, so that nobody must load it to know.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "inference/audio_sessions.hpp"
#include "inference/model_facts.hpp"

namespace hailstone::inference {

inline constexpr double kSlowestSpeech = 0.25;
inline constexpr double kFastestSpeech = 4;
/// Bytes of text in one request: services send sentence by sentence.
inline constexpr std::size_t kMostText = 64 << 10;

/// For an engine of voices without speakers, which takes no SSML: throws Error(kBadRequest) for a
/// speed or a length out of bounds, kUnsupported for SSML, kNotFound for a speaker.
void check_say_request(const SayRequest& request, std::string_view engine);

/// Sentences, and parts of very long ones, cut at a blank where there is one and never within a
/// character; together they are the text. longest: bytes.
std::vector<std::string> cut_text(std::string_view text, std::size_t longest);

struct VoiceFact {
  std::string id;        ///< as SayRequest::voice has it
  std::string language;  ///< "en-us", "de"
  std::string name;      ///< for people; may be empty
  std::string gender;    ///< "male", "female"; empty: not known

  bool operator==(const VoiceFact&) const = default;
};

void add_voices(ModelFacts& facts, const std::vector<VoiceFact>& voices);
/// The inverse; empty where the facts say nothing of voices.
std::vector<VoiceFact> voices_of(const ModelFacts& facts);

}  // namespace hailstone::inference
