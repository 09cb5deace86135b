// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON of POST /api/fsck, which is Hailstone's own. Pure.

#include <string>
#include <string_view>

#include "core/store/fsck.hpp"
#include "services/library/library/task.hpp"

namespace hailstone::library {

/// An empty body repairs. Throws Error(kBadRequest) naming the field.
FsckTask parse_fsck(std::string_view body);

/// The last line, with all that was found.
std::string write_report(const core::FsckReport& report);

}  // namespace hailstone::library
