// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/voice: its fields, and its reply as one sound, as JSON or as both. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "media/audio/encoder.hpp"
#include "services/speech/sound/audio_request.hpp"
#include "services/speech/voice/service.hpp"

namespace hailstone::voice {

enum class ReplyForm : std::uint8_t {
  kSound,  ///< with the texts in headers
  kJson,   ///< with the sound in base64
  kMultipart,
};

struct QuestionRequest {
  Question question;
  media::SoundFormat format = media::SoundFormat::kWav;
  ReplyForm form = ReplyForm::kSound;
};

/// The fields of /api/voice's start message that make sense here, "format" of the sound, and
/// "reply"
/// ("audio", "json", "multipart"); nothing: what the header Accept wants. Throws Error(kBadRequest)
/// that names the field.
QuestionRequest parse_question(const sound::AudioRequest& request, std::string_view accept);

/// {"transcript","language","answer","voice","models","times","audio"}; audio: encoded, may be
/// empty: then it is left out.
std::string write_answer(const Answered& answered, std::string_view audio);

/// Where it fits into a header.
std::string header_text(std::string_view text);

}  // namespace hailstone::voice
