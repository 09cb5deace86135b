// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The service as systemd and /proc tell of it, whether it runs or not.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/environment.hpp"
#include "core/doctor/facts/accounts.hpp"
#include "core/doctor/facts/box.hpp"
#include "core/doctor/facts/processes.hpp"

namespace hailstone::doctor {

inline constexpr const char* kUnit = "hailstone.service";

struct Service {
  bool has_systemd = false;
  bool has_unit = false;
  std::map<std::string, std::string> unit;  ///< what systemctl shows of it
  std::optional<int> pid;                   ///< nothing: it does not run
  std::vector<std::string> words;           ///< its command line; empty where it does not run
  core::Environment environment;            ///< of it, or as it would be
  bool is_environment_seen = false;         ///< of the running process itself
  std::string user;                         ///< that it runs as; "" where that is not known

  std::string of_unit(const std::string& name) const;
};

Service read_service(const Box& box, const std::map<int, Process>& processes);

}  // namespace hailstone::doctor
