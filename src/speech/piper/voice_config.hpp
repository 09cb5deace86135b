// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a Piper voice says of itself: the JSON file beside its network (VOICE.onnx.json).

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::speech::piper {

/// One entry of the voice's alphabet: a code point, or several that make one sound.
using Symbol = std::string;

struct VoiceConfig {
  int sample_rate = 0;       ///< of its audio, in Hz
  std::string language;      ///< "en-us"; empty: it does not say
  std::string quality;       ///< "medium"; may be empty
  bool takes_text = false;   ///< letters instead of phonemes
  std::string espeak_voice;  ///< whose phonemes it was trained on: "en-us"
  float noise_scale = 0.667F;
  float length_scale = 1;
  float noise_width = 0.8F;
  std::map<Symbol, std::vector<std::int64_t>, std::less<>> ids;  ///< of the network's input
  std::map<Symbol, std::vector<Symbol>, std::less<>> replaced;   ///< by what, before that
  std::vector<std::vector<Symbol>> clusters;                  ///< become one symbol; longest first
  std::map<std::string, std::int64_t, std::less<>> speakers;  ///< empty: one
  std::int64_t default_speaker = 0;
};

/// Throws Error(kBadRequest) that names the field, for what is no such file, and kUnsupported for
/// phonemes that nobody here makes (pinyin, hebrew, japanese).
VoiceConfig read_voice_config(std::string_view json);

}  // namespace hailstone::speech::piper
