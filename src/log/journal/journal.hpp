// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines to systemd's journal with their fields, so that `journalctl MODEL=...` finds them.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.hpp"

namespace hailstone::log {

/// Whether that descriptor is the journal's: systemd names device and inode of the stream that it
/// made in JOURNAL_STREAM, and one that was redirected since has others. Null: there is no
/// variable.
bool is_journal(const char* journal_stream, int descriptor) noexcept;

/// "MESSAGE=http: request ...", "PRIORITY=6", "REQUEST_ID=...", "MODEL=...": upper case; names that
/// the journal does not take, or has for itself, are left out. Pure.
std::vector<std::string> journal_fields(Level level, std::string_view line,
                                        std::span<const Field> fields);

/// From now on lines go to the journal, where stderr is it. Gives whether it is.
bool use_journal() noexcept;

}  // namespace hailstone::log
