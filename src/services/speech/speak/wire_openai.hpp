// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's requests for speech (POST /v1/audio/speech) and what belongs to them. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/speech/speak/wire.hpp"

namespace hailstone::speak {

/// {"model","input","voice" (a name or {"id"}),"response_format","speed","stream_format"};
/// "instructions" have no effect on our voices. Throws Error(kBadRequest) that names the field.
SpeakRequest parse_openai_speech(std::string_view body);

/// OpenAI's own names for models mean what is installed: "tts-1".
bool is_openai_speech_model(std::string_view name) noexcept;

/// Events of "stream_format": "sse".
std::string write_audio_delta(std::string_view bytes);
std::string write_audio_done(std::size_t characters, double seconds);

/// The models that speak, at /v1/audio/models: "data" and "models".
std::string write_openai_models(const std::vector<Voice>& voices);

/// What clients ask for at /v1/audio/voices, each in its own shape: "data" and "voices".
std::string write_openai_voices(const std::vector<Voice>& voices);

}  // namespace hailstone::speak
