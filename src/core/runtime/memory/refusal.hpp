// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What somebody is told whose model gets no memory: the numbers, and what would help. Pure.

#include <string>

#include "base/error.hpp"
#include "core/runtime/memory/eviction.hpp"

namespace hailstone::core {

/// "needs 900.0 MiB of host memory, and 200.0 MiB of 1.0 GiB are free": of each pool that is short.
std::string describe_shortage(const RoomRequest& request, RoomVerdict verdict);

/// kOutOfMemory; with Retry-After where a retry may succeed, that is, unless the verdict is kNever.
/// kFits means that its turn did not come in time.
Error refuse_room(const std::string& model, const RoomRequest& request, RoomVerdict verdict);

}  // namespace hailstone::core
