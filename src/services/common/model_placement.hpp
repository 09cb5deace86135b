// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of a model's variants answers where a request leaves the choice open.

#include <optional>
#include <string>
#include <vector>

#include "core/catalog/placement.hpp"
#include "core/catalog/resolve.hpp"
#include "core/measurements/measurement.hpp"
#include "core/store/store.hpp"

namespace hailstone::core {
class Measurements;
class Runtime;
}  // namespace hailstone::core

namespace hailstone::services {

/// Which engine runs a stored model; empty: none that is known.
std::string engine_of(const core::StoredModel& stored);

/// Thread-safe. All may take as long as Engine::probe does.
class ModelPlacement {
 public:
  /// The references outlive it. measurements: null where nothing is measured.
  ModelPlacement(const core::Store& store, const core::Runtime& runtime,
                 core::Measurements* measurements)
      : store_(store), runtime_(runtime), measurements_(measurements) {}

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

  /// What the catalogue wants to know of this machine.
  core::Machine machine(const core::Catalog& catalog) const;

 private:
  core::MeasuredModel measured_model(const core::StoredModel& stored) const;
  core::Place make_place(const core::StoredModel& stored) const;

  const core::Store& store_;
  const core::Runtime& runtime_;
  core::Measurements* const measurements_;
};

}  // namespace hailstone::services
