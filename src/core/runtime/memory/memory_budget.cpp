// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/memory_budget.hpp"

#include <algorithm>

namespace hailstone::core {

using inference::Footprint;

ByteSize default_host_limit(ByteSize machine_total, std::optional<ByteSize> cgroup) noexcept {
  constexpr ByteSize kRestOfTheMachine = ByteSize::gib(1);
  constexpr ByteSize kDaemon = ByteSize::mib(64);  // it lives in the control group, too
  const auto three_quarters = ByteSize::bytes(machine_total.count() / 4 * 3);
  const ByteSize limit = std::min(three_quarters, machine_total - kRestOfTheMachine);
  return cgroup ? std::min(limit, *cgroup - kDaemon) : limit;
}

MemoryBudget::Reservation& MemoryBudget::Reservation::operator=(Reservation&& other) noexcept {
  if (this != &other) {
    release();
    budget_ = std::exchange(other.budget_, nullptr);
    amount_ = std::exchange(other.amount_, {});
  }
  return *this;
}

void MemoryBudget::Reservation::release() noexcept {
  if (budget_ == nullptr) return;
  MemoryBudget& budget = *std::exchange(budget_, nullptr);
  const MutexLock lock(budget.mutex_);
  budget.used_ = budget.used_ - amount_;
  --budget.reservations_;
}

void MemoryBudget::Reservation::resize(const Footprint& amount) noexcept {
  if (budget_ == nullptr) return;
  const MutexLock lock(budget_->mutex_);
  budget_->used_ = budget_->used_ - amount_ + amount;
  amount_ = amount;
}

Footprint MemoryBudget::Reservation::amount() const noexcept {
  if (budget_ == nullptr) return {};
  const MutexLock lock(budget_->mutex_);
  return amount_;
}

std::optional<MemoryBudget::Reservation> MemoryBudget::try_reserve(
    const Footprint& wanted) noexcept {
  const MutexLock lock(mutex_);
  // What is over the limit already leaves nothing, not even for a model that takes nothing.
  if (!used_.fits_into(capacity_) || !wanted.fits_into(capacity_ - used_)) return std::nullopt;
  used_ += wanted;
  ++reservations_;
  return Reservation(*this, wanted);
}

Footprint MemoryBudget::used() const noexcept {
  const MutexLock lock(mutex_);
  return used_;
}

int MemoryBudget::reservations() const noexcept {
  const MutexLock lock(mutex_);
  return reservations_;
}

}  // namespace hailstone::core
