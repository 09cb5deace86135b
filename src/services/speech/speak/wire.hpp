// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hailstone's own requests for speech, and its list of voices. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/speech/speak/task.hpp"
#include "services/speech/speak/voices.hpp"

namespace hailstone::speak {

enum class Delivery : std::uint8_t {
  kWhole,     ///< with its length, after the last sound
  kStreamed,  ///< from the first sound on
  kEvents,    ///< server-sent events with base64 in them
};

struct SpeakRequest {
  Task task;
  Delivery delivery = Delivery::kWhole;
};

/// {"text","voice","language","model","speed","format","ssml","stream","strict"}. A text that
/// begins with <speak is SSML unless "ssml" is false. What is short comes whole unless "stream" is
/// true. Throws Error(kBadRequest) that names the field.
SpeakRequest parse_speak(std::string_view body);

/// {"voices":[{"id","name","language","gender","model","engine","default"}]}
std::string write_voices(const std::vector<Voice>& voices);

}  // namespace hailstone::speak
