// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Load times of stored models, among the measurements.

#include "core/runtime/runtime.hpp"

namespace hailstone::core {
class Measurements;
class Store;
}  // namespace hailstone::core

namespace hailstone::app {

/// The references outlive it.
class KeptLoadTimes final : public core::LoadTimes {
 public:
  KeptLoadTimes(const core::Store& store, core::Measurements& measurements)
      : store_(store), measurements_(measurements) {}

  std::optional<std::chrono::nanoseconds> find(const inference::ModelSpec& spec,
                                               const std::string& version) const override;
  void note(const inference::ModelSpec& spec, const std::string& version,
            std::chrono::nanoseconds time) override;

 private:
  const core::Store& store_;
  core::Measurements& measurements_;
};

}  // namespace hailstone::app
