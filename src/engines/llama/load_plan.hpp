// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a model is going to be loaded: wishes and facts become numbers, and numbers become
// llama-server's arguments and the memory that it will take. Pure.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "engines/llama/gguf/gguf.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::engines::llama {

struct LoadPlan {
  bool embeds_only = false;
  bool ranks = false;  ///< it does nothing else
  bool use_mmap = false;
  int context_length = 0;  ///< of one slot
  int slots = 1;
  int threads = 1;
  int batch_size = 0;
  ByteSize slot_cache;                       ///< keys and values of one slot's full context
  ByteSize prompt_cache;                     ///< for conversations that have lost their slot
  std::filesystem::path prompt_folder = {};  ///< where slots are kept; empty: nowhere
};

/// threads: how many to use where the options name none. The plan respects the model's training
/// context even where the options ask for more.
LoadPlan make_plan(const Gguf& gguf, const inference::LoadOptions& options, int threads);

/// What a process that follows the plan takes. file_bytes: weights, projectors and adapters.
ByteSize estimate_memory(const Gguf& gguf, const LoadPlan& plan, std::uint64_t file_bytes);

/// llama-server's arguments without the program's name.
std::vector<std::string> server_arguments(const LoadPlan& plan, const inference::ModelSpec& spec,
                                          const std::filesystem::path& socket);

}  // namespace hailstone::engines::llama
