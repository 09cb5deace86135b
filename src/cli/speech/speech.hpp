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

}  // namespace hailstone::cli
