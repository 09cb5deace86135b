// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text to be spoken, as plain values.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "media/audio/encoder.hpp"

namespace hailstone::speak {

/// What a request may name, and it may name none of it.
struct VoiceWish {
  std::string model{};     ///< an installed model
  std::string voice{};     ///< an installed voice, a language, or a name that tells its language
  std::string language{};  ///< where the voice does not tell it
  bool is_strict = false;  ///< no other voice instead of one that is not installed
};

enum class TextKind : std::uint8_t { kPlain, kSsml };

struct Task {
  std::string text;
  TextKind kind = TextKind::kPlain;
  VoiceWish wish;
  double speed = 1;  ///< 0.25 to 4
  media::SoundFormat format = media::SoundFormat::kWav;
};

/// Who speaks.
struct Speaker {
  std::string voice;  ///< as /api/voices lists it
  std::string language;
  std::string model;
  std::string engine;
  bool is_substitute = false;  ///< another than the request named
};

/// Once, before the first sound.
using OnSpeaker = std::function<void(const Speaker& speaker)>;
using OnSound = std::function<void(const media::Pcm& piece)>;

}  // namespace hailstone::speak
