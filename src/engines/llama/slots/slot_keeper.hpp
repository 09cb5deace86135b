// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes what a server's slots have read to the disk before it goes, and back into the slots of the
// next one.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"
#include "base/run_context.hpp"
#include "engines/llama/slots/prompt_files.hpp"

namespace hailstone::engines::llama {

/// How to talk to the server.
struct SlotDoor {
  std::function<std::string(const std::string& target, const RunContext& run)> get;
  std::function<std::string(const std::string& target, std::string body, const RunContext& run)>
      post;
};

/// How much it is to read tokens again, and to keep them.
struct SlotCost {
  double tokens_per_second = 0;  ///< of reading; zero: not known, and nothing is kept
  std::uint64_t bytes_per_token = 0;
};

/// Owned by one thread at a time.
class SlotKeeper {
 public:
  /// files: the engine and its models share it, whichever goes last. folder: of this model.
  SlotKeeper(std::shared_ptr<const PromptFiles> files, std::filesystem::path folder,
             std::string model);

  /// Both never throw: what cannot be kept is read again.
  void restore(const SlotDoor& door, const RunContext& run);
  void save(const SlotDoor& door, const SlotCost& cost);

 private:
  bool save_slot(const SlotDoor& door, int slot, const RunContext& run);
  bool restore_slot(const SlotDoor& door, int slot, const RunContext& run);

  const std::shared_ptr<const PromptFiles> files_;
  const std::filesystem::path folder_;
  const std::string model_;
};

}  // namespace hailstone::engines::llama
