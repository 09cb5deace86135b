// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The table of jobs: its schema, and a row as a Job.

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/jobs/job.hpp"

namespace hailstone::core {

class Database;
class Statement;

/// Made where the file is new. Throws Error(kUnsupported) for a file of a newer version.
void ensure_job_schema(Database& database);

/// The columns that read_job() reads, for a SELECT.
extern const char* const kJobColumns;
Job read_job(const Statement& row);

/// Milliseconds since 1970.
std::int64_t to_milliseconds(WallTime time) noexcept;
WallTime from_milliseconds(std::int64_t number) noexcept;

/// Header lines as text and back.
std::string pack_headers(const std::vector<std::pair<std::string, std::string>>& headers);
std::vector<std::pair<std::string, std::string>> unpack_headers(const std::string& text);

}  // namespace hailstone::core
