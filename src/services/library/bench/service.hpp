// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measures stored models on this machine and keeps the figures, so that a plain name takes the
// variant that is faster here.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "core/measurements/measurements.hpp"
#include "services/common/model_access.hpp"
#include "services/library/bench/task.hpp"

namespace hailstone::bench {

/// Thread-safe.
class BenchService {
 public:
  /// The references outlive it. catalog_folders: where to look which variants there are.
  BenchService(services::ModelAccess& models, const core::Measurements& measurements,
               std::vector<std::filesystem::path> catalog_folders,
               const Clock& clock = system_clock())
      : models_(models),
        measurements_(measurements),
        catalog_folders_(std::move(catalog_folders)),
        clock_(clock) {}

  /// Blocks. A model that was not loaded before is unloaded again. Throws kNotFound for a model or
  /// a variant that is not installed, and what loading and running it throws; of several variants
  /// one that fails is only told of.
  Result measure(const Task& task, const OnProgress& on_progress, const RunContext& run);

  /// Everything that was measured on this machine, by the model's name.
  Result list() const;

 private:
  struct Outcome;

  std::vector<core::StoredModel> choose(const Task& task, const core::StoredModel& named) const;
  Outcome measure_one(const core::StoredModel& stored, const Task& task,
                      const OnProgress& on_progress, const RunContext& run);
  Outcome try_one(const core::StoredModel& stored, const Task& task, const OnProgress& on_progress,
                  const RunContext& run);
  Row describe(const core::StoredModel& stored) const;
  std::vector<Missing> find_missing(const core::ModelName& plain,
                                    const std::vector<Row>& rows) const;

  services::ModelAccess& models_;
  const core::Measurements& measurements_;
  const std::vector<std::filesystem::path> catalog_folders_;
  const Clock& clock_;
};

}  // namespace hailstone::bench
