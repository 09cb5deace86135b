// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine "llama": GGUF models on the CPU, in llama.cpp's own llama-server, one process for each
// loaded model.

#include <filesystem>
#include <memory>
#include <vector>

#include "engines/llama/slots/prompt_files.hpp"
#include "engines/llama/stall/judge.hpp"
#include "inference/engine.hpp"

namespace hailstone::os {
class ControlGroups;
}

namespace hailstone::engines::llama {

struct LlamaOptions {
  /// Engine runtime trees, the best first.
  std::vector<std::filesystem::path> runtime_dirs = {};
  /// Where the private folders with the sockets are made; empty: XDG_RUNTIME_DIR, else the system's
  /// folder for temporary files.
  std::filesystem::path run_dir = {};
  /// A llama-server of the user's own, before all others.
  std::filesystem::path server = {};
  /// For models whose LoadOptions name none; 0: all physical cores but one.
  int threads = 0;
  /// Outlive the engine's models; null: there are none.
  os::ControlGroups* groups = nullptr;
  /// A server that is stuck for longer, while it is needed, is killed.
  StallLimits stall = {};
  PromptFileOptions prompts = {};
};

std::unique_ptr<inference::Engine> make_llama_engine(LlamaOptions options);

}  // namespace hailstone::engines::llama
