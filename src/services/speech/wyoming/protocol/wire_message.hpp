// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Events as values, and answers as events. Pure; the field names are here, in wire_frame and in
// wire_info, and nowhere else.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "services/speech/wyoming/protocol/event.hpp"
#include "services/text/home/home.hpp"

namespace hailstone::wyoming {

/// Throws Error(kBadRequest) that names the event and the field.
Message parse_message(Event&& event);

// Whole frames, ready to be sent.
std::string write_pong(std::string_view text);
std::string write_error(const Error& error);

std::string write_transcript_start(std::string_view language);
std::string write_transcript_chunk(std::string_view text);
std::string write_transcript(std::string_view text, std::string_view language);
std::string write_transcript_stop();
std::string write_voice_started(std::chrono::milliseconds at);
std::string write_voice_stopped(std::chrono::milliseconds at);

/// at: of the piece of sound with which the word was complete.
std::string write_detection(std::string_view name, Timestamp at);
std::string write_not_detected();

/// 16 bits, mono. at: since the beginning of the sound.
std::string write_audio_start(int rate);
std::string write_audio_chunk(int rate, std::span<const float> samples,
                              std::chrono::milliseconds at);
std::string write_audio_stop(std::chrono::milliseconds at);
std::string write_synthesize_stopped();

std::string write_handled_start(const Context& context);
std::string write_handled_chunk(std::string_view text);
std::string write_handled(std::string_view text, const Context& context);
std::string write_handled_stop();
std::string write_not_handled(std::string_view text, const Context& context);
std::string write_not_recognized(std::string_view text, const Context& context);
/// One alone, several between intents-start and intents-stop.
std::string write_intents(const std::vector<home::Intent>& intents, const Context& context);

}  // namespace hailstone::wyoming
