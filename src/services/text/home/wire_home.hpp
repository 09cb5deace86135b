// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Homes and intents as JSON. Pure; the field names are here and nowhere else.

#include <string>
#include <string_view>
#include <vector>

#include "services/text/home/commands.hpp"
#include "services/text/home/home.hpp"

namespace hailstone::home {

inline constexpr std::size_t kMostDevices = 2000;

/// {"areas":[{"name","aliases"}],"devices":[{"name","aliases","area","domain"}],"satellites":{}}.
/// An area may also be its name alone, and one that only a device names is one, too. Without a
/// domain it is that of "entity_id". Throws Error(kBadRequest) that names the field.
Home parse_home(std::string_view body);
std::string write_home(const Home& home);

/// {"text","language","device_id"}
Spoken parse_spoken(std::string_view body);
/// {"intents":[{"name","slots":{},"answer"}]}
std::string write_intents(const std::vector<Intent>& intents);

}  // namespace hailstone::home
