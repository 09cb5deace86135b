// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/system_error.hpp"

#include <system_error>

namespace hailstone::os {

Error system_error(const std::string& what_failed, int error_number, ErrorCode code) {
  return Error(code, what_failed + ": " + std::generic_category().message(error_number));
}

}  // namespace hailstone::os
