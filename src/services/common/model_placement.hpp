// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of a model's variants answers where a request leaves the choice open.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/catalog/placement.hpp"
#include "core/catalog/resolve.hpp"
#include "core/measurements/measurement.hpp"
#include "core/store/store.hpp"

namespace hailstone::core {
class Measurements;
class Runtime;
}  // namespace hailstone::core

namespace hailstone::services {

/// What answers where an accelerator cannot just now.
enum class Fallback { kNone, kProcessor };

/// Which engine runs a stored model; empty: none that is known.
std::string engine_of(const core::StoredModel& stored);

/// Thread-safe. All may take as long as Engine::probe does.
class ModelPlacement {
 public:
  /// The references outlive it. measurements: null where nothing is measured.
  ModelPlacement(const core::Store& store, core::Runtime& runtime, core::Measurements* measurements,
                 Fallback fallback = Fallback::kNone)
      : store_(store), runtime_(runtime), measurements_(measurements), fallback_(fallback) {}

  /// What a name may mean: the model that is stored under it, and its variants for other engines
  /// ("yolox-nano:onnx" for "yolox-nano").
  std::vector<core::StoredModel> variants(const core::ModelName& asked) const;

  /// Of these the one that runs here best (see core::choose_place). Throws Error(kNotFound, "model
  /// 'x' not found"), Error(kBadRequest, "invalid model name").
  core::StoredModel require(const std::string& name) const;

  /// The name that leaves the choice open: "yolox-nano:latest" for "yolox-nano:onnx"; its own for a
  /// model that is no variant.
  static core::ModelName plain_name(const core::StoredModel& stored);

  std::optional<core::Measurement> find_measurement(const core::StoredModel& stored) const;
  void note_speed(const core::StoredModel& stored, const core::Speed& speed,
                  const inference::Footprint& memory);
  /// Whatever was measured of the model of that name.
  void forget(const core::ModelName& name);

  /// An accelerator did not get this model to work: with the fallback others are chosen for a
  /// while.
  void note_trouble(const core::StoredModel& stored);

  /// What the catalogue wants to know of this machine.
  core::Machine machine(const core::Catalog& catalog) const;

 private:
  core::MeasuredModel measured_model(const core::StoredModel& stored) const;
  core::Place make_place(const core::StoredModel& stored) const;
  bool would_wait(const core::StoredModel& stored) const;

  const core::Store& store_;
  core::Runtime& runtime_;
  core::Measurements* const measurements_;
  const Fallback fallback_;
  mutable std::mutex mutex_;
  std::map<std::string, SteadyTime> troubles_;  // guarded by mutex_; by name, until when
};

}  // namespace hailstone::services
