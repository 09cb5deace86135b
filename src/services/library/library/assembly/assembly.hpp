// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model on its way into the store: its blobs are held until its manifest names them.

#include <string>
#include <vector>

#include "core/store/store_writer.hpp"

namespace hailstone::library {

/// One thread, one model. What is not published is left for the store to prune. Throws as the
/// writer does, which outlives it.
class Assembly {
 public:
  explicit Assembly(core::StoreWriter& writer) noexcept : writer_(writer) {}

  void hold(const std::string& digest) { holds_.push_back(writer_.hold(digest)); }

  /// A small layer, written and held.
  core::Layer add_text(const std::string& media_type, const std::string& text);

  /// Makes the model visible under that name; what only the replaced one needed goes.
  void publish(const core::ModelName& name, const std::string& config,
               const std::vector<core::Layer>& layers);

 private:
  core::StoreWriter& writer_;
  std::vector<core::BlobHold> holds_;
};

}  // namespace hailstone::library
