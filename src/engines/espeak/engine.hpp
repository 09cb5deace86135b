// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Speaks in the hundred languages of espeak-ng. Its licence is GPL-3 or later, and so is that of a
// program that is linked with it: the host of this engine. Nothing else of ours is.
//
// A model is a model card (inference/model_card.hpp) with the setting
//   voice   what say() takes where it is not told: "en-us", "de", "en-us+f3"; default en-us
// A voice is a language code, with a variant of the voice behind a plus where one is wanted.

#include <memory>

#include "inference/engine.hpp"

namespace hailstone::engines::espeak {

std::unique_ptr<inference::Engine> make_espeak_engine();

}  // namespace hailstone::engines::espeak
