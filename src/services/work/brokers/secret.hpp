// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a queue's file must not hold itself, but where it is.

#include <filesystem>
#include <string>

#include "core/queues/queue_file.hpp"

namespace hailstone::jobs {

/// "the queue house: what".
[[noreturn]] void refuse_queue(const core::QueueFile& queue, const std::string& what);

/// The file's text without white space at its ends; empty where none is named. Throws
/// Error(kBadRequest) for one that cannot be read.
std::string read_password(const core::QueueFile& queue, const std::filesystem::path& file);

}  // namespace hailstone::jobs
