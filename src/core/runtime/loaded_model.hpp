// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model in memory together with its share of the budget: the memory counts as used until the
// model is really gone. Whoever lets go of a model last does not destroy it, because he may hold a
// lock; it lies in the graveyard then, and goes from there without one (see table_lock.hpp).

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/runtime/memory/memory_budget.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

/// Thread-safe. Made and destroyed by a Graveyard alone.
class LoadedModel {
 public:
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
  friend class Graveyard;
  LoadedModel(std::unique_ptr<inference::Model> model, MemoryBudget::Reservation share,
              std::chrono::nanoseconds load_time, std::function<void()> on_gone)
      : share_(std::move(share)),
        model_(std::move(model)),
        load_time_(load_time),
        on_gone_(std::move(on_gone)) {}
  /// Ends the engine's process, which takes time.
  ~LoadedModel() {
    model_.reset();
    share_.release();
    on_gone_();
  }

  MemoryBudget::Reservation share_;
  std::unique_ptr<inference::Model> model_;
  const std::chrono::nanoseconds load_time_;
  const std::function<void()> on_gone_;
  LoadedModel* next_dead_ = nullptr;  // of the graveyard
};

static_assert(!std::is_destructible_v<LoadedModel>);

/// Shared, because whoever measures a model, and a lease, may outlive its place in the table.
/// Dropping the last one takes no time and calls nothing.
using ModelPtr = std::shared_ptr<LoadedModel>;

/// Thread-safe; takes no lock. Outlives its models.
class Graveyard {
 public:
  Graveyard() noexcept = default;
  ~Graveyard() { destroy(first_.exchange(nullptr)); }
  Graveyard(const Graveyard&) = delete;
  Graveyard& operator=(const Graveyard&) = delete;

  /// What was taken out, and is destroyed with it.
  class Dead {
   public:
    Dead(Dead&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
    Dead& operator=(Dead&&) = delete;
    ~Dead() { destroy(first_); }

   private:
    friend class Graveyard;
    explicit Dead(LoadedModel* first) noexcept : first_(first) {}
    LoadedModel* first_;
  };

  /// on_gone is called when the model is gone and its share of the budget is given back.
  ModelPtr make(std::unique_ptr<inference::Model> model, MemoryBudget::Reservation share,
                std::chrono::nanoseconds load_time, std::function<void()> on_gone) {
    return {new LoadedModel(std::move(model), std::move(share), load_time, std::move(on_gone)),
            [this](LoadedModel* dead) { bury(dead); }};
  }

  bool is_empty() const noexcept { return first_.load() == nullptr; }

 private:
  friend class TableLock;  // it alone knows when nothing is locked

  Dead take() noexcept { return Dead(first_.exchange(nullptr)); }
  void bury(LoadedModel* dead) noexcept {
    dead->next_dead_ = first_.load();
    while (!first_.compare_exchange_weak(dead->next_dead_, dead)) {
    }
  }
  static void destroy(LoadedModel* first) noexcept {
    while (first != nullptr) delete std::exchange(first, first->next_dead_);
  }

  std::atomic<LoadedModel*> first_{nullptr};
};

}  // namespace hailstone::core
