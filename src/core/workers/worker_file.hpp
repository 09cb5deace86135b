// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The file that describes a worker. Its fields are explained in docs/workers.md.

#include <filesystem>
#include <string_view>

#include "inference/worker/worker_manifest.hpp"

namespace hailstone::core {

/// file: where the text is from; relative paths are beside it. Throws Error(kBadRequest) that names
/// the file, the line and the field.
inference::WorkerManifest parse_worker_file(std::string_view text,
                                            const std::filesystem::path& file);

/// Whether a word can be a worker's name: [a-z0-9-], at most 32, beginning with a letter.
bool is_worker_name(std::string_view name) noexcept;

}  // namespace hailstone::core
