// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts that only one model reads, and that may lose their end: what is embedded or ranked.

#include <cstddef>
#include <string>

#include "base/run_context.hpp"
#include "inference/text_session.hpp"

namespace hailstone::services {

/// Whether the text had to be cut, to have at most so many tokens. Asks the session only where it
/// could be longer. Throws what the session throws.
bool cut_end(std::string& text, std::size_t room, inference::TextSession& session,
             const RunContext& run);

}  // namespace hailstone::services
