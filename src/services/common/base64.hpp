// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Base64 by the name that services know it by.

#include "base/encoding/base64.hpp"

namespace hailstone::services {

using hailstone::find_base64;
using hailstone::to_base64;

}  // namespace hailstone::services
