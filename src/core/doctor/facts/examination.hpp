// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The facts that several checks stand on, read once.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/settings.hpp"
#include "core/doctor/facts/accounts.hpp"
#include "core/doctor/facts/box.hpp"
#include "core/doctor/facts/npu.hpp"
#include "core/doctor/facts/packages.hpp"
#include "core/doctor/facts/processes.hpp"
#include "core/doctor/facts/service.hpp"

namespace hailstone::doctor {

/// What the running service says of itself.
struct Answer {
  bool reached = false;
  std::vector<std::string> reasons;  ///< why it calls itself degraded
  std::string version;
  std::vector<std::string> missing_engines;  ///< "whisper: libwhisper.so is not installed"
};

/// Asks whoever serves there. Throws nothing.
using Ask = std::function<Answer(const Endpoint&)>;

/// What is not read from the box.
struct Asked {
  core::Environment environment;  ///< of whoever asks; empty: of the box's /proc/self
  std::filesystem::path program;  ///< the running executable
  Ask ask;                        ///< null: the service is not asked
};

struct Examination {
  const Box& box;
  Asked asked{};
  Packages packages{};
  Npu npu{};
  std::map<int, Process> processes{};
  Service service{};
  Account account{};  ///< that the service runs as, or would; whoever asks where there is none
  bool is_account_guessed = false;  ///< it is whoever asks
  core::Settings settings{};        ///< of the service
  std::string settings_fault{};     ///< why they cannot be read; then settings are the defaults
  std::string settings_advice{};
  std::optional<Answer> answer{};           ///< nothing: the service was not asked
  std::optional<CommandOutput> identify{};  ///< of hailortcli fw-control identify
  std::optional<Version> firmware{};        ///< as that says

  bool is_root = false;  ///< whoever asks sees everything
};

/// Reads, and runs commands that read. The box outlives what it gives.
Examination examine_box(const Box& box, Asked asked);

}  // namespace hailstone::doctor
