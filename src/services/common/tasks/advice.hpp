// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What somebody is told who wants a task that no installed model does.

#include <string>
#include <string_view>

#include "core/catalog/catalog.hpp"

namespace hailstone::core {
class Runtime;
}

namespace hailstone::services {

/// The command that installs a model that runs on this machine; where none of the catalogue does,
/// the engine that is missing, and why. decoder: only models of that decoder; empty: the task's
/// defaults. May take as long as Engine::probe does.
std::string advise_model(const core::Catalog& catalog, std::string_view task,
                         std::string_view decoder, const core::Runtime& runtime);

}  // namespace hailstone::services
