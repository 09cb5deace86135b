// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an engine that loads models into processes of their own can see to besides loading them:
// that a process reads the model's files alone, and takes no more memory than was left for it.

#include <filesystem>
#include <memory>
#include <vector>

#include "base/byte_size.hpp"
#include "base/error.hpp"
#include "inference/engine.hpp"

namespace hailstone::inference {

/// A side of an Engine; thread-safe as that.
class BoundedLoads {
 public:
  /// As Engine::load(), but the process is ended where it takes more than most meanwhile: then
  /// throws load_too_large().
  virtual std::unique_ptr<Model> load_within(ByteSize most, const ModelSpec& spec,
                                             const LoadOptions& options, const RunContext& run) = 0;

 protected:
  ~BoundedLoads() = default;
};

/// Error(kOutOfMemory) with the numbers.
Error load_too_large(ByteSize taken, ByteSize most);

/// All files that loading the model reads.
std::vector<std::filesystem::path> files_of(const ModelSpec& spec);

}  // namespace hailstone::inference
