// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a model can do, and the refusal of what it cannot.

#include <string>
#include <string_view>

#include "inference/model_facts.hpp"

namespace hailstone::services {

bool has_capability(const inference::ModelFacts& facts, inference::Capability capability) noexcept;

/// Throws Error(kBadRequest, "\"model\" does not support <what>"). task: the model's in the store;
/// the message names it where the model does nothing else.
void require_capability(const inference::ModelFacts& facts, inference::Capability capability,
                        const std::string& model, std::string_view what,
                        std::string_view task = {});

}  // namespace hailstone::services
