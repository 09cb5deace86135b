// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Runs a loaded model a few times and takes the time.

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "core/measurements/measurement.hpp"
#include "inference/image_input.hpp"

namespace hailstone::inference {
class Model;
}

namespace hailstone::bench {

/// What a model is for decides which of its sessions is measured, where it has several.
struct Plan {
  std::string model;         ///< for messages
  std::string task;          ///< "detect"; empty: not known
  bool only_embeds = false;  ///< text: it generates nothing
  bool only_ranks = false;
  std::optional<inference::ImageInput> picture;  ///< as the manifest says it
  int runs = 0;                                  ///< zero: 20 of a network, 3 of what takes longer
};

/// Called after each run; may throw, which ends it.
using OnRun = std::function<void(int run, int runs)>;

/// Blocks. Some runs before the first that counts warm it up. Throws Error(kUnsupported) for a
/// model without a session, kEngineFailed for one that generates nothing, and what the session
/// throws.
core::Speed measure(inference::Model& model, const Plan& plan, const OnRun& on_run,
                    const Clock& clock, const RunContext& run);

}  // namespace hailstone::bench
