// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What models have read, kept on the disk from one load to the next: a folder for each model under
// one plan, with a file for each of its slots. They hold conversations, so nobody else may enter.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/byte_size.hpp"

namespace hailstone::engines::llama {

/// For whoever counts.
struct PromptFileNews {
  std::string model;
  int saved = 0;     ///< slots
  int restored = 0;  ///< slots
  ByteSize kept;     ///< of all models
};

struct PromptFileOptions {
  std::filesystem::path folder = {};  ///< empty: nothing is kept
  ByteSize budget = {};               ///< zero: nothing is kept, and what was goes
  /// What is read again in less time is not worth a file.
  std::chrono::milliseconds worth_keeping{250};
  std::function<void(const PromptFileNews&)> on_news = {};
};

/// Thread-safe: what it knows is on the disk.
class PromptFiles {
 public:
  static constexpr std::chrono::hours kKeep{24 * 7};

  /// Removes what is too old, or everything where nothing is to be kept.
  explicit PromptFiles(PromptFileOptions options);

  bool is_on() const noexcept;
  const PromptFileOptions& options() const noexcept { return options_; }

  /// Its folder, made where it is missing. key: whatever must be the same for a file to fit.
  /// Nothing where that cannot be, or nothing is kept.
  std::optional<std::filesystem::path> find_folder(const std::string& key) const;

  /// The models that were not loaded for the longest time go, until the rest fits the budget.
  void keep_within_budget() const;

  void tell(const std::string& model, int saved, int restored) const;

 private:
  void remove_old() const;

  const PromptFileOptions options_;
};

}  // namespace hailstone::engines::llama
