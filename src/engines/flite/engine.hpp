// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Speaks English with the voices of Flite. A model is a model card (inference/model_card.hpp) with
// the setting
//   voice   what say() takes where it is not told: slt, rms, awb, kal16, kal; default slt

#include <memory>

#include "inference/engine.hpp"

namespace hailstone::engines::flite {

std::unique_ptr<inference::Engine> make_flite_engine();

}  // namespace hailstone::engines::flite
