// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The memory that models may take: two pools, host and NPU, and the reservations in them. Only the
// books; nothing is allocated here.

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/byte_size.hpp"
#include "base/sync/mutex.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

inline constexpr ByteSize kUnlimited = ByteSize::bytes(std::numeric_limits<std::uint64_t>::max());

/// How much host memory models may take where the operator does not say: the smallest of 75 % of
/// the machine's memory, that memory without 1 GiB for everything else, and the control group's
/// limit without what the daemon itself needs. cgroup: nothing where there is no limit. Pure.
ByteSize default_host_limit(ByteSize machine_total, std::optional<ByteSize> cgroup) noexcept;

/// Thread-safe. Its mutex is a leaf: nothing is called while it is held, so it may be taken under
/// another one.
class MemoryBudget {
 public:
  /// A share of the budget, given back by its destructor. Move-only. The budget outlives it.
  class Reservation {
   public:
    Reservation() noexcept = default;
    Reservation(Reservation&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)),
          amount_(std::exchange(other.amount_, {})) {}
    Reservation& operator=(Reservation&& other) noexcept;
    ~Reservation() { release(); }

    void release() noexcept;
    /// To what is really taken, even where that is more than the budget has.
    void resize(const inference::Footprint& amount) noexcept;
    inference::Footprint amount() const noexcept;

   private:
    friend class MemoryBudget;
    Reservation(MemoryBudget& budget, const inference::Footprint& amount) noexcept
        : budget_(&budget), amount_(amount) {}

    MemoryBudget* budget_ = nullptr;
    inference::Footprint amount_;  // guarded by the budget's mutex
  };

  explicit MemoryBudget(const inference::Footprint& capacity) noexcept : capacity_(capacity) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// Nothing where it does not fit.
  std::optional<Reservation> try_reserve(const inference::Footprint& wanted) noexcept;

  const inference::Footprint& capacity() const noexcept { return capacity_; }
  inference::Footprint used() const noexcept;
  inference::Footprint free() const noexcept { return capacity_ - used(); }
  int reservations() const noexcept;

 private:
  const inference::Footprint capacity_;
  mutable Mutex mutex_;
  inference::Footprint used_ HAILSTONE_GUARDED_BY(mutex_);
  int reservations_ HAILSTONE_GUARDED_BY(mutex_) = 0;
};

}  // namespace hailstone::core
