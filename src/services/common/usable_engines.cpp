// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/usable_engines.hpp"

#include <utility>

#include "core/runtime/runtime.hpp"

namespace hailstone::services {

std::vector<core::UsableEngine> usable_engines(const core::Runtime& runtime) {
  std::vector<core::UsableEngine> out;
  for (const auto* engine : runtime.engines()) {
    auto state = engine->probe();
    if (state.usable) out.push_back({std::string(engine->name()), std::move(state.version)});
  }
  return out;
}

}  // namespace hailstone::services
