// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which engines work on this machine, as the catalogue wants to know it.

#include <vector>

#include "core/catalog/resolve.hpp"

namespace hailstone::core {
class Runtime;
}

namespace hailstone::services {

/// May take as long as Engine::probe does.
std::vector<core::UsableEngine> usable_engines(const core::Runtime& runtime);

}  // namespace hailstone::services
