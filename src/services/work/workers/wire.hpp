// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What workers answer, and the list of them, as JSON. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "inference/worker/call_session.hpp"
#include "services/work/workers/stream_runs.hpp"
#include "services/work/workers/task.hpp"

namespace hailstone::workers {

/// A whole reply. accept: the header; JSON with the files in base64 for who wants that. Throws
/// Error(kEngineFailed) where the worker gave no file although its result is one.
http::Response write_result(const inference::WorkerManifest& worker,
                            const inference::CallValue& result, std::string_view accept);

/// A piece of a stream on a line of its own; empty for a sign of life, which is nobody's business.
std::string write_piece(const inference::CallValue& piece);

std::string write_stream(const StreamStatus& status, const std::string& route);
std::string write_streams(const std::vector<StreamStatus>& streams, const std::string& route);

std::string write_list(const WorkerList& list);
std::string write_status(const WorkerStatus& status);

}  // namespace hailstone::workers
