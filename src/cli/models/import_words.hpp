// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the arguments of `import` say of a network, as the service wants to hear it.

#include <string>

#include "cli/models/library.hpp"

namespace hailstone::cli {

/// The body of POST /api/create as far as the arguments and the manifest say it: "hailstone" with
/// task, engine, decoder, labels and settings, and "license". Arguments win over the manifest.
/// format: of the file, "onnx". Throws Error(kBadRequest) that names the argument or the manifest's
/// line, Error(kNotFound) for a file that is not there.
Json describe_import(const ImportRequest& request, const std::string& format);

}  // namespace hailstone::cli
