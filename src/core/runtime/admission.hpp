// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The wait for a slot of a model. Internal to the runtime.

#include <string>

#include "core/runtime/runtime_impl.hpp"

namespace hailstone::core {

/// A place in a model's queue, and then a slot, until the lease has it. Made and destroyed with the
/// lock held.
class Runtime::Impl::Turn {
 public:
  /// Notes its place in run. Throws Error(kBusy) where new work is refused, or too many wait.
  Turn(Impl& runtime, const std::string& name, const RunContext& run);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool has_slot() const noexcept { return ticket_.has_slot; }
  /// Throws as RunContext::check does, and Error(kBusy) where no slot came in time.
  void await_slot(TableLock& lock, const RunContext& run);
  /// Now it is the lease's: Impl::release() ends it.
  void keep() noexcept { is_kept_ = true; }

 private:
  Impl& runtime_;
  const std::string name_;
  const Deadline patience_;
  Ticket ticket_;
  bool is_kept_ = false;
};

}  // namespace hailstone::core
