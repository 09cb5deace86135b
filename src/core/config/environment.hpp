// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The environment variables as a value, so that what depends on them can be tested.

#include <map>
#include <optional>
#include <string>

namespace hailstone::core {

using Environment = std::map<std::string, std::string>;

/// A copy of the process's variables. Only main and the command line call this.
Environment process_environment();

/// Blanks and quotes around the value are taken off, as Ollama does; nothing for an empty one.
std::optional<std::string> find_variable(const Environment& environment, const std::string& name);

/// The user's folder of that kind by the XDG rules: $VARIABLE/hailstone, else $HOME/under_home/
/// hailstone. Nothing where neither variable is set.
std::optional<std::string> find_user_folder(const Environment& environment,
                                            const std::string& variable,
                                            const std::string& under_home);

}  // namespace hailstone::core
