// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone tls`: an authority of this machine's own and a certificate for its names, in files
// that the service reads, and what phones and browsers have to be told.

#include <filesystem>
#include <string>
#include <vector>

#include "cli/term/console.hpp"
#include "core/config/settings.hpp"

namespace hailstone::cli {

struct TlsRequest {
  std::vector<std::string> names;  ///< empty: those of this machine
  std::filesystem::path folder;    ///< empty: where the service of this user looks for them
};

/// Host names and addresses by which others on the network may know this machine.
std::vector<std::string> machine_names();

/// Keeps an authority that is there: who trusts it trusts the new certificate, too. Throws
/// Error(kBadRequest) for a name that is none, Error(kForbidden) for a folder that cannot be
/// written.
void make_tls_files(const Console& console, const core::Environment& environment,
                    const TlsRequest& request);

}  // namespace hailstone::cli
