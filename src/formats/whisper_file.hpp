// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a Whisper model in ggml's own format says of itself: its header, without the weights.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace hailstone::formats {

struct WhisperFile {
  int vocabulary = 0;
  int audio_context = 0;  ///< frames of 20 ms
  int audio_state = 0;
  int audio_heads = 0;
  int audio_layers = 0;
  int text_context = 0;  ///< tokens
  int text_state = 0;
  int text_heads = 0;
  int text_layers = 0;
  int mels = 0;
  std::string quantization;  ///< "F16", "Q5_1"

  bool is_multilingual() const noexcept { return vocabulary >= 51'865; }
  /// "tiny", "base", ...: by its layers.
  std::string size_name() const;
};

/// By the first bytes.
bool is_whisper_file(std::istream& in);

/// Throws Error(kBadRequest) for what is no such file, or has impossible figures.
WhisperFile read_whisper_file(std::istream& in);

}  // namespace hailstone::formats
