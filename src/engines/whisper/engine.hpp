// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hears with Whisper: libwhisper and a model in ggml's format. One set of weights serves several
// requests at once. Settings of a model:
//   encoder_context   auto: as much of the encoder as the clip is long, at least 5 seconds; full:
//                     always 30 seconds, as whisper.cpp's own tools do; default auto

#include <memory>

#include "inference/engine.hpp"

namespace hailstone::engines::whisper {

/// threads: for models that do not say it; 0: one less than the machine has.
std::unique_ptr<inference::Engine> make_whisper_engine(int threads);

}  // namespace hailstone::engines::whisper
