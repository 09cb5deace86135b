// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's transcriptions and translations (POST /v1/audio/...), and whisper.cpp's server
// (POST /inference), which is near to them. Pure.

#include <string>

#include "services/speech/transcribe/wire.hpp"

namespace hailstone::transcribe {

enum class Aim : std::uint8_t { kTranscribe, kTranslate };

/// "model", "language", "prompt", "temperature", "response_format", "timestamp_granularities[]",
/// "stream"; "include[]", "chunking_strategy", "keywords[]" (hot words). Throws Error(kBadRequest)
/// that names the field; for diarized_json with the reason.
TranscribeRequest parse_openai(const sound::AudioRequest& request, Aim aim);

/// "language", "prompt", "response_format", "temperature", "temperature_inc", "translate",
/// "beam_size", "offset_t" and "duration" (milliseconds), "no_timestamps". Others have no effect.
TranscribeRequest parse_inference(const sound::AudioRequest& request);

/// {"text","usage":{"type":"duration","seconds"}}
std::string write_openai_json(const Result& result);
std::string write_openai_verbose(const Result& result, const TranscribeRequest& request);
/// The same, and what whisper.cpp's server adds: words in segments, the language's probability.
std::string write_inference_verbose(const Result& result);

/// Events of a streamed reply.
std::string write_text_delta(const inference::HeardSegment& segment);
std::string write_text_done(const Result& result);

}  // namespace hailstone::transcribe
