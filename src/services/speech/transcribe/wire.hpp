// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hailstone's own requests for transcripts, and its replies. Pure.

#include <string>

#include "services/speech/sound/audio_request.hpp"
#include "services/speech/transcribe/formats.hpp"
#include "services/speech/transcribe/task.hpp"

namespace hailstone::transcribe {

struct TranscribeRequest {
  Task task;
  Format format = Format::kJson;
  bool is_streamed = false;  ///< what is heard comes as it is heard
  bool want_segments = true;
};

/// Fields: "model", "language" (a code, a name, "auto"), "prompt", "translate", "words", "format",
/// "trim" (false: nothing is left out), "from" and "length" (seconds), "grammar" (JSGF), "words_of"
/// (a list: nothing but these words), "hot_words", "temperature", "beam_size", "stream". Throws
/// Error(kBadRequest) that names the field.
TranscribeRequest parse_transcribe(const sound::AudioRequest& request);

/// {"text","language","duration"}, and "words" where they were asked for.
std::string write_json(const Result& result, const TranscribeRequest& request);

/// Also "segments": [{"begin","end","text","words"}]
std::string write_verbose(const Result& result, const TranscribeRequest& request);

/// A line of a streamed reply: {"type":"segment","begin","end","text"}, or
/// {"type":"progress","heard","duration"}.
std::string write_update(const Update& update);
/// The last line: {"type":"done"} with all of write_json.
std::string write_done(const Result& result, const TranscribeRequest& request);

/// Throws Error(kBadRequest): "language 'xx' is unknown".
std::string parse_language(std::string_view text);

}  // namespace hailstone::transcribe
