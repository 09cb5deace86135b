// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of live transcription. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "services/speech/sound/speech_gate.hpp"
#include "services/speech/transcribe/task.hpp"

namespace hailstone::transcribe {

enum class LiveFormat : std::uint8_t { kPcm16, kFloat32, kOpus };

struct LiveRequest {
  Task task;
  LiveFormat format = LiveFormat::kPcm16;
  int sample_rate = 16'000;
  sound::GateOptions gate;
};

/// From the query, or from the members of a first message {"type":"start",...}: "model",
/// "language", "prompt", "translate", "words", "grammar", "format" (pcm_s16le, pcm_f32le, opus),
/// "sample_rate", "silence_ms". Throws Error(kBadRequest) that names the field.
LiveRequest parse_live(const std::map<std::string, std::string>& fields);

/// What a client says besides sound.
enum class LiveCommand : std::uint8_t { kStart, kCommit, kStop };
struct LiveMessage {
  LiveCommand command;
  std::map<std::string, std::string> fields;  ///< of kStart
};
/// {"type":"start"|"commit"|"stop"}. Throws Error(kBadRequest).
LiveMessage parse_live_message(std::string_view text);

/// {"type":"ready","model","engine","sample_rate"}
std::string write_ready(const std::string& model, const std::string& engine, int sample_rate);
/// {"type":"speech_started"|"speech_stopped","at"}
std::string write_gate_event(const sound::GateEvent& event);
/// {"type":"partial"|"final","text","begin","end"}, of a partial "stable": how many bytes will
/// stay, of a final "words" where they were asked for.
std::string write_heard(const inference::HearEvent& event);
/// {"type":"done","text","language","duration"}
std::string write_live_done(const std::string& text, const std::string& language,
                            std::chrono::milliseconds duration);
/// {"type":"error","error","detail"}
std::string write_live_error(const Error& error);

}  // namespace hailstone::transcribe
