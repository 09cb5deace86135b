// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Quantizes GGUF files with llama.cpp's own llama-quantize, as a process for each run.

#include <optional>
#include <string>
#include <string_view>

#include "engines/llama/programs/runtime_tree.hpp"
#include "inference/engine.hpp"

namespace hailstone::engines::llama {

/// The types that llama-quantize makes and llama-server runs well, upper case, sorted.
bool is_quantization_type(std::string_view type) noexcept;

/// From a line of the tool's log, "[  22/  48] blk.2 ...": 22 of 48 as a fraction.
std::optional<double> find_progress(std::string_view line) noexcept;

/// See inference::Engine::quantize.
void run_quantizer(const ServerCommand& command, const inference::QuantizeTask& task, int threads,
                   const inference::OnFraction& on_fraction, const RunContext& run);

}  // namespace hailstone::engines::llama
