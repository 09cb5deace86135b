// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>

namespace hailstone::wyoming {

/// Sends whole frames to a client. Thread-safe. Blocks while the client reads slower than we write.
/// Throws Error(kCancelled) where it has left, Error(kTimeout) where it reads nothing for too long.
using Send = std::function<void(std::string_view frame)>;

}  // namespace hailstone::wyoming
