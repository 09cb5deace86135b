// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which voice answers. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/speech/speak/task.hpp"

namespace hailstone::speak {

struct Voice {
  std::string id;        ///< "starter-speak/slt"; the model's name alone where it has one voice
  std::string model;     ///< "starter-speak"
  std::string voice;     ///< as the engine calls it; empty: the model's only one
  std::string language;  ///< "en-us"
  std::string name;      ///< for people
  std::string gender;    ///< "male", "female"; empty: not known
  std::string engine;
  bool is_starter = false;
  bool is_first = false;    ///< what its model takes by itself
  bool is_general = false;  ///< its model speaks many languages, and none of them well
};

struct Choice {
  Voice voice;
  bool is_substitute = false;
};

/// voices: those of a model stand together, the models newest first. Throws Error(kNotFound) with
/// what is there.
Choice choose_voice(const std::vector<Voice>& voices, const VoiceWish& wish);

/// "en_US-amy-low" and "EN-us" are "en-us", "de" is "de"; nothing where the name tells none.
std::optional<std::string> find_language(std::string_view name);

}  // namespace hailstone::speak
