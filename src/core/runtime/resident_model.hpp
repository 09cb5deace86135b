// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One model in the runtime's table, from the first request for it to its end. Internal to the
// runtime; every field but the constant ones is guarded by the runtime's mutex.

#include <memory>
#include <optional>
#include <stop_token>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "core/runtime/loaded_model.hpp"
#include "core/runtime/memory/eviction.hpp"
#include "core/runtime/runtime.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

struct ResidentModel {
  enum class State {
    kLoading,
    kReady,
    kRetired,  ///< out of the table: it failed to load, or lives on only as long as its leases
  };

  const inference::ModelSpec spec;
  const inference::LoadOptions options;

  State state = State::kLoading;
  ModelPtr loaded;               ///< once retired: until the last lease ends
  std::optional<Error> failure;  ///< why it never became ready
  inference::Footprint wanted;   ///< what is reserved, or waited for, while it loads
  const bool pinned;             ///< never evicted, never expires
  std::stop_source stop_load;
  int waiters = 0;  ///< requests that wait for the load; when the last one leaves, it is called off
  bool called_off = false;  ///< the load ends soon, whatever comes of it; nobody waits for it
  int leases = 0;
  bool wanted_gone = false;  ///< unloaded while leased, or to be reloaded with other options
  bool makes_room = false;   ///< somebody waits for its memory: no new leases meanwhile
  KeepAlive keep_alive{};
  SteadyTime last_used{};
  SteadyTime ready_since{};
  bool is_revival = false;  ///< it crashed, and is loaded although nobody has asked

  ResidentModel(inference::ModelSpec model_spec, const inference::LoadOptions& load_options,
                bool is_pinned)
      : spec(std::move(model_spec)), options(load_options), pinned(is_pinned) {}

  bool idle() const noexcept { return state == State::kReady && leases == 0; }

  inference::Model& model() const noexcept { return loaded->model(); }

  /// For the choice of who is evicted. Who has waited for it has not got its lease yet.
  Hold hold() const noexcept {
    if (pinned) return Hold::kPinned;
    return idle() && waiters == 0 ? Hold::kNone : Hold::kInUse;
  }

  bool stays_for_ever() const noexcept {
    return pinned || keep_alive < KeepAlive::zero() || keep_alive > SteadyTime::max() - last_used;
  }

  SteadyTime expiry() const noexcept {
    return stays_for_ever() ? SteadyTime::max() : last_used + keep_alive;
  }
};

/// Whether a model loaded with these options serves a request that asks for those: what a request
/// leaves open, any value satisfies, so that clients do not make each other's models reload.
inline bool satisfies(const inference::LoadOptions& loaded,
                      const inference::LoadOptions& asked) noexcept {
  const auto fits = [](int have, int want) { return want == 0 || have == want; };
  return fits(loaded.context_length, asked.context_length) &&
         fits(loaded.parallel, asked.parallel) && fits(loaded.threads, asked.threads) &&
         fits(loaded.batch_size, asked.batch_size) && (asked.use_mmap || !loaded.use_mmap);
}

/// The same files and settings, too: what a name stands for changes with a pull.
inline bool serves(const ResidentModel& resident, const inference::ModelSpec& spec,
                   const inference::LoadOptions& asked) noexcept {
  return resident.spec == spec && satisfies(resident.options, asked);
}

}  // namespace hailstone::core
