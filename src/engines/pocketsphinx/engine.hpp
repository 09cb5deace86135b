// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hears English with pocketsphinx and the acoustic model, dictionary and language model that the
// system has (Debian: pocketsphinx-en-us). A model is a model card (inference/model_card.hpp).

#include <filesystem>
#include <memory>
#include <optional>

#include "inference/engine.hpp"

namespace hailstone::engines::pocketsphinx {

struct PocketsphinxOptions {
  /// Where en-us/, en-us.lm.bin and cmudict-en-us.dict stand. Nothing: where distributions put
  /// them.
  std::optional<std::filesystem::path> data;
};

std::unique_ptr<inference::Engine> make_pocketsphinx_engine(
    const PocketsphinxOptions& options = {});

}  // namespace hailstone::engines::pocketsphinx
