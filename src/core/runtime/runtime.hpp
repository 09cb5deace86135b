// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which models are resident. A request takes a lease on a model; a model that is not there is
// loaded once for everybody who asks; one that nobody has used for its keep-alive time goes.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "core/runtime/inference_watch.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

class Metrics;

/// How long a model stays after its last use. Negative: for ever. Zero: goes with the last lease.
using KeepAlive = std::chrono::nanoseconds;
inline constexpr KeepAlive kForEver{-1};

/// A model in memory, as /api/ps shows it.
struct Resident {
  std::string name;
  std::string engine;
  inference::Footprint footprint;
  inference::LoadOptions options;
  int context_length = 0;
  int leases = 0;
  std::optional<WallTime> expires;  ///< nothing: never
  bool loading = false;
};

struct RuntimeOptions {
  KeepAlive default_keep_alive = kForEver;
  std::chrono::seconds load_timeout{300};
  std::chrono::nanoseconds stall_limit = std::chrono::minutes(15);  ///< see InferenceWatch
};

class Runtime;

/// The right to use a model that stays loaded meanwhile. Move-only; give it back by destroying it.
class Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();

  inference::Model& model() const noexcept;
  const std::string& engine() const noexcept;
  /// How long this request waited for the model to be loaded; zero when it was there.
  std::chrono::nanoseconds load_time() const noexcept;

 private:
  friend class Runtime;
  struct State;
  explicit Lease(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// Thread-safe.
class Runtime {
 public:
  Runtime(std::vector<std::unique_ptr<inference::Engine>> engines, RuntimeOptions options,
          Metrics& metrics, const Clock& clock = system_clock());
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Blocks until the model is loaded with these options. keep_alive: nothing means the default.
  /// Where the model is resident with other options, it is reloaded as soon as nobody uses it.
  /// Throws what Engine::load throws; kUnsupported when no engine of that name is there or usable,
  /// with the reason; kBusy with Retry-After while a crashed model waits for its restart.
  Lease acquire(const inference::ModelSpec& spec, const inference::LoadOptions& options,
                std::optional<KeepAlive> keep_alive, const RunContext& run);

  /// Drops the model as soon as its last lease ends; at once if there is none. False if it is not
  /// resident.
  bool unload(const std::string& name);
  void unload_all();

  std::vector<Resident> residents() const;

  InferenceFigures inference() const;

  /// Null if there is none of that name.
  inference::Engine* find_engine(std::string_view name) const noexcept;
  std::vector<const inference::Engine*> engines() const;

 private:
  friend class Lease;
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace hailstone::core
