// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Brings a file into the service's store.

#include <filesystem>
#include <string>

#include "base/run_context.hpp"
#include "cli/client/service.hpp"
#include "cli/term/progress.hpp"

namespace hailstone::cli {

/// Hashes the file, and sends it unless the service has it. Gives its digest. Throws kNotFound for
/// a file that cannot be read, and what Service throws.
std::string upload_file(Service& service, const std::filesystem::path& file, ProgressView& view,
                        const RunContext& run);

/// The same for a text at hand.
std::string upload_text(Service& service, const std::string& text, const RunContext& run);

}  // namespace hailstone::cli
