// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/load_times.hpp"

#include "core/measurements/measurements.hpp"
#include "core/store/store.hpp"

namespace hailstone::app {
namespace {

/// Nothing where the model has been removed meanwhile.
std::optional<core::MeasuredModel> find_model(const core::Store& store,
                                              const inference::ModelSpec& spec,
                                              const std::string& version) {
  const auto name = core::find_model_name(spec.name);
  const auto stored = name ? store.find(*name) : std::nullopt;
  if (!stored) return std::nullopt;
  return core::MeasuredModel{stored->name.display(), stored->digest, spec.engine, version};
}

}  // namespace

std::optional<std::chrono::nanoseconds> KeptLoadTimes::find(const inference::ModelSpec& spec,
                                                            const std::string& version) const {
  const auto model = find_model(store_, spec, version);
  const auto known = model ? measurements_.find(*model) : std::nullopt;
  return known ? known->load_time : std::nullopt;
}

void KeptLoadTimes::note(const inference::ModelSpec& spec, const std::string& version,
                         std::chrono::nanoseconds time) {
  if (const auto model = find_model(store_, spec, version)) measurements_.note_load(*model, time);
}

}  // namespace hailstone::app
