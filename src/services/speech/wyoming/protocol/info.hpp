// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What this machine offers, as clients ask for it with "describe". Values.

#include <string>
#include <vector>

namespace hailstone::wyoming {

struct ModelInfo {
  std::string name;
  std::string description;
  std::vector<std::string> languages;
  std::string phrase{};  ///< of a wake word
};

struct Info {
  std::string version;
  std::vector<ModelInfo> hears;  ///< those that turn speech into text
  std::vector<ModelInfo> voices;
  std::vector<ModelInfo> answers;  ///< language models
  std::vector<ModelInfo>
      controls;  ///< who understands commands; empty: there is nothing to control
  std::vector<ModelInfo> wakes;
};

/// The event "info", as a frame. Clients take the first program of a kind: there is one of each, or
/// none.
std::string write_info(const Info& info);

}  // namespace hailstone::wyoming
