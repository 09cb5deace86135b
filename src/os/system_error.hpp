// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Failed system calls as Errors.

#include <cerrno>
#include <string>

#include "base/error.hpp"

namespace hailstone::os {

/// "cannot open /a/b: Permission denied"; for callers that throw it.
Error system_error(const std::string& what_failed, int error_number = errno,
                   ErrorCode code = ErrorCode::kInternal);

}  // namespace hailstone::os
