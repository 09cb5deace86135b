// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client's events. Pure.

#include <string_view>

#include "base/error.hpp"
#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

/// The event's id, where it has one that can be read; never throws for content.
std::string find_event_id(std::string_view message);

/// Throws Error(kBadRequest) that names the field.
Command parse_command(std::string_view message);

}  // namespace hailstone::realtime
