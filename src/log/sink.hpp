// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where lines go that are not for stderr.

#include <span>
#include <string_view>

#include "log/log.hpp"

namespace hailstone::log {

/// Takes a line as it would stand on stderr, without time and level, and its fields. Called from
/// any thread, from several at once; throws nothing and logs nothing. False: it could not, and the
/// line goes to stderr.
using Sink = bool (*)(Level level, std::string_view line, std::span<const Field> fields);

/// Null: to stderr again. Thread-safe.
void set_sink(Sink sink) noexcept;

}  // namespace hailstone::log
