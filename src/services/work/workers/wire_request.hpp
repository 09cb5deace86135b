// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a request of a worker's route to what the worker is called with: the fields that its file
// names, checked before anything is started. Pure.

#include <map>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "inference/worker/call_session.hpp"
#include "inference/worker/worker_manifest.hpp"

namespace hailstone::workers {

/// Fields come in the query, in JSON (files in base64), in a form (multipart or of names and
/// values), or, where the worker has a single file, as the body itself. The body is taken out of
/// the request. Throws Error(kBadRequest) that names the field, what was expected and what came,
/// kTooLarge, kUnsupported for a file of another kind.
inference::CallValue take_arguments(const inference::WorkerManifest& worker,
                                    http::Request& request);

/// Those that are no files, from texts: of who has no request. Throws as take_arguments.
inference::CallValue read_fields(const inference::WorkerManifest& worker,
                                 const std::map<std::string, std::string>& texts);
/// The bytes as the worker's only file. Throws as take_arguments.
inference::Blob read_upload(const inference::WorkerManifest& worker, std::string bytes);

/// By the first bytes: "image/jpeg"; empty where they are unknown.
std::string_view find_media_type(std::string_view bytes) noexcept;

/// "image/jpeg" is one of "image/*".
bool fits_media_type(std::string_view type, std::string_view pattern) noexcept;

}  // namespace hailstone::workers
