// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Embeddings: takes a lease on the model, makes the inputs fit, and finishes the vectors.

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "services/common/model_access.hpp"
#include "services/text/embed/task.hpp"

namespace hailstone::embed {

/// Thread-safe.
class EmbedService {
 public:
  explicit EmbedService(services::ModelAccess& models, const Clock& clock = system_clock());

  /// Blocks. Throws kBadRequest (an input that does not fit and must not be cut), kNotFound, and
  /// what Runtime::acquire and TextSession::embed throw.
  Result embed(const Task& task, const RunContext& run);

 private:
  services::ModelAccess& models_;
  const Clock& clock_;
};

}  // namespace hailstone::embed
