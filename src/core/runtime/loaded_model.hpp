// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model in memory together with its share of the budget: the memory counts as used until the
// model is really gone.

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "core/runtime/memory/memory_budget.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

/// Thread-safe. Destroying it ends the engine's process, which takes time.
class LoadedModel {
 public:
  /// on_gone is called by the destructor, last.
  LoadedModel(std::unique_ptr<inference::Model> model, MemoryBudget::Reservation share,
              std::chrono::nanoseconds load_time, std::function<void()> on_gone)
      : share_(std::move(share)),
        model_(std::move(model)),
        load_time_(load_time),
        on_gone_(std::move(on_gone)) {}
  ~LoadedModel() {
    model_.reset();
    share_.release();
    on_gone_();
  }
  LoadedModel(const LoadedModel&) = delete;
  LoadedModel& operator=(const LoadedModel&) = delete;

  inference::Model& model() const noexcept { return *model_; }
  std::chrono::nanoseconds load_time() const noexcept { return load_time_; }

  /// What the books say.
  inference::Footprint footprint() const noexcept { return share_.amount(); }
  /// What it takes now; the books follow. Reads /proc: not with a mutex held.
  inference::Footprint measure() {
    const inference::Footprint measured = model_->footprint();
    share_.resize(measured);
    return measured;
  }

 private:
  MemoryBudget::Reservation share_;
  std::unique_ptr<inference::Model> model_;
  const std::chrono::nanoseconds load_time_;
  const std::function<void()> on_gone_;
};

}  // namespace hailstone::core
