// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON that stands in a model's small layers: config, parameters. Pure.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::library {

/// What is known of a model that is being made. Empty: not known, or as the base says.
struct ConfigFacts {
  std::string format;          ///< "gguf"
  std::string family;          ///< "llama"
  std::string parameter_size;  ///< "1.2B"
  std::string quantization;    ///< "Q4_K_M"
  int context_length = 0;
  int embedding_length = 0;
  std::vector<std::string> more_families;  ///< of a projector: "clip"
  std::string task;
  std::string engine;
  std::string decoder;
  std::string certainty;  ///< how sure it is what a network is
  std::string settings;   ///< a JSON object as text
};

/// A config blob as core/store/manifest.hpp reads it: what the base says, an older config or
/// nothing, and over it the facts.
std::string write_config(std::string_view base, const ConfigFacts& facts,
                         const std::vector<std::string>& layer_digests);

/// The setting of that name, of a JSON object as text, as text; empty where there is none.
std::string find_setting(std::string_view settings, const std::string& name);

/// With that setting, a JSON object as text.
std::string with_setting(std::string_view settings, const std::string& name,
                         std::string_view object);

/// The settings as an engine gets them: texts by name.
std::map<std::string, std::string> settings_of(std::string_view settings);

/// Both are JSON objects as text, or empty; over wins.
std::string merge_parameters(std::string_view base, std::string_view over);

}  // namespace hailstone::library
