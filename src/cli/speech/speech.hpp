// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Recordings to text and text to speech, from the command line.

#include <string>
#include <vector>

#include "cli/client/query.hpp"
#include "cli/commands.hpp"

namespace hailstone::cli {

struct TranscribeRequest {
  std::vector<std::string> files;  ///< "-": from in
  Fields fields;                   ///< options of the service
  std::string format;              ///< "srt", "vtt"; empty: text
  bool words = false;              ///< a line each, with its time
  bool json = false;
};

/// Text goes to out as it is heard; in a terminal a bar on err tells how far a long file is. Throws
/// what Service throws, and Error(kBadRequest) for a file that cannot be read, before any is sent.
void transcribe_files(const CommandContext& context, const TranscribeRequest& request);

struct SpeakRequest {
  std::vector<std::string> text;  ///< words; empty, or "-": all that comes from in
  std::string out;                ///< a file, its ending is the format; "-": to out; empty: played
  std::string voice;
  std::string language;
  std::string model;
  double speed = 1;
};

/// Throws what Service throws; Error(kBadRequest) where there is no text, or no player and no file.
void speak_text(const CommandContext& context, const SpeakRequest& request);

struct ListenRequest {
  std::string device = "default";
  std::string file;  ///< instead of the microphone; "-": samples or a WAV from in
  Fields fields;     ///< options of the service
  bool json = false;
  bool lists_devices = false;
  bool shows_level = false;
};

/// Text goes to out as it is heard, a line for each utterance; in a terminal also what may still
/// change. Ctrl-C ends it, and what was said until then is still told. Throws what Service and
/// Microphone throw, and Error(kBadRequest) for a file that is no sound.
void listen(const CommandContext& context, const ListenRequest& request);

struct VoiceRequest {
  std::string device = "default";
  std::string speaker = "default";
  std::string file;  ///< as in ListenRequest
  std::string wake;
  std::string instructions;
  std::string model;
  std::string voice;
  std::string language;
  bool push_to_talk = false;
  bool keeps_echo = false;  ///< headphones: nothing of the answer comes back
  bool json = false;
};

/// A talk, until Ctrl-C or the end of the file. Lines of in are turns in writing; an empty one
/// begins and ends a turn aloud where push_to_talk is wanted. Throws as listen() does.
void talk(const CommandContext& context, const VoiceRequest& request);

}  // namespace hailstone::cli
