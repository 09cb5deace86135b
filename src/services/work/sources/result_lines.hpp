// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file with a line for each job that has ended, whatever happens while it is written.

#include <filesystem>
#include <string>

namespace hailstone::jobs {

/// Appends the line, without its newline, unless one of the last lines holds the id in quotes: then
/// it was written before, just before the power went. A line that was torn then is completed.
/// Durable on return. One thread per file. Throws as core::open_to_write and its kin.
void append_result(const std::filesystem::path& file, const std::string& id,
                   const std::string& line);

}  // namespace hailstone::jobs
