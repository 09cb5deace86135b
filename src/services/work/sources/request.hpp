// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a queue gets, a file or a message, as the request that does what the queue is for. Pure.

#include <string>
#include <string_view>

#include "core/jobs/job.hpp"
#include "core/queues/queue_file.hpp"

namespace hailstone::jobs {

/// JSON is the request's body, with the queue's model and options where it names none; anything
/// else is sent as a form would send it. name: of the file, for its ending. target: "/api/ocr".
/// Throws Error(kBadRequest) for JSON that is no object.
core::JobTask make_task(const core::QueueFile& queue, const std::string& target,
                        std::string_view name, std::string_view bytes);

/// ".json" for "application/json; charset=utf-8"; ".bin" where it is not known.
std::string ending_of(std::string_view content_type);

}  // namespace hailstone::jobs
