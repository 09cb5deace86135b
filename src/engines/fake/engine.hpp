// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An engine without a model behind it, for demos and tests: it answers at once, and as badly as its
// script says. All five kinds of session. The script is ModelSpec.settings; README.md lists it.

#include <memory>
#include <string>

#include "inference/engine.hpp"

namespace hailstone::engines::fake {

/// Where it runs, which decides how it crashes: alone in a process it takes that along and really
/// fills its footprint; beside others only its model dies.
enum class Place { kInProcess, kOwnProcess };

std::unique_ptr<inference::Engine> make_fake_engine(std::string name = "fake",
                                                    Place place = Place::kInProcess);

}  // namespace hailstone::engines::fake
