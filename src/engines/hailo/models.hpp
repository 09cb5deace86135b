// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Models on the chip, by what they are.

#include <memory>

#include "engines/hailo/chip/shared_chip.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::hailo {

/// What each of them is given. The references outlive the model.
struct Opening {
  SharedChip& shared;
  Chip& chip;
  HailoRt& runtime;
  const inference::ModelSpec& spec;
  const RunContext& run;
};

/// Each throws Error. They say of themselves no footprint: engine.cpp measures it.
std::unique_ptr<inference::Model> open_tensor_model(const Opening& opening, const HefInfo& hef);
std::unique_ptr<inference::Model> open_text_model(const Opening& opening);
std::unique_ptr<inference::Model> open_seeing_model(const Opening& opening);
std::unique_ptr<inference::Model> open_hearing_model(const Opening& opening);

}  // namespace hailstone::engines::hailo
