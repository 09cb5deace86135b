// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which models are resident, and who uses them. Whoever wants a model takes a lease on it: the
// model and one of its slots, which are given by lane. A model that is not there is loaded once for
// everybody who asks, within a budget of memory: idle models go for it, or it is refused with the
// numbers. One that nobody has used for its keep-alive time goes, too.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/lane.hpp"
#include "base/run_context.hpp"
#include "core/runtime/circuit_breaker.hpp"
#include "core/runtime/inference_watch.hpp"
#include "core/runtime/lane_queue.hpp"
#include "core/runtime/memory/memory_budget.hpp"
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
  inference::Footprint footprint;  ///< as last measured; while it loads, what is reserved for it
  inference::LoadOptions options;
  int context_length = 0;
  int leases = 0;
  std::optional<WallTime> expires;  ///< nothing: never
  bool loading = false;
  bool pinned = false;
};

/// A model that crashed again and again and is not started before its trial.
struct Fault {
  std::string name;
  std::string reason;
  int crashes = 0;                      ///< in a row
  std::chrono::nanoseconds trial_in{};  ///< zero: with the next request, or under way
};

/// What loading a model would mean now.
struct LoadForecast {
  bool resident = false;  ///< it is there already
  bool fits = false;      ///< at once, when those have gone that `evicts` names
  inference::Footprint wanted;
  inference::Footprint free;
  std::vector<std::string> evicts;
  std::string reason;                                 ///< why it does not fit; for people
  std::optional<std::chrono::nanoseconds> load_time;  ///< nothing: it has not been loaded yet
};

struct MemoryUse {
  inference::Footprint limit;
  inference::Footprint used;  ///< by the books: measured, or reserved for a load
};

/// What is known of load times beyond this process: the runtime itself keeps no files. Thread-safe.
/// Called without any of the runtime's locks; throws nothing. version: of the engine's runtime, may
/// be empty.
class LoadTimes {
 public:
  virtual ~LoadTimes() = default;
  virtual std::optional<std::chrono::nanoseconds> find(const inference::ModelSpec& spec,
                                                       const std::string& version) const = 0;
  virtual void note(const inference::ModelSpec& spec, const std::string& version,
                    std::chrono::nanoseconds time) = 0;
};

struct RuntimeOptions {
  KeepAlive default_keep_alive = kForEver;
  KeepAlive max_keep_alive = kForEver;  ///< clients get no longer one; negative: no limit
  std::chrono::seconds load_timeout{300};
  std::chrono::nanoseconds stall_limit = std::chrono::minutes(15);  ///< see InferenceWatch
  inference::Footprint memory_limit{kUnlimited, kUnlimited};
  /// How long a load waits for memory that is in use.
  std::chrono::nanoseconds memory_wait = std::chrono::seconds(30);
  int max_models = 0;   ///< 0: as many as fit
  int max_batch = 4;    ///< slots of the batch lane, of all models together
  int max_queue = 512;  ///< so many may wait for a model before somebody; the next is refused
  std::chrono::nanoseconds queue_timeout = std::chrono::minutes(10);  ///< for a slot to come
  std::set<std::string> pinned;  ///< ModelSpec::name: these never expire and are never evicted
  /// How many per cent of the time somebody waits for memory. May be empty. Housekeeper's thread.
  std::function<std::optional<double>()> memory_pressure;
  double pressure_limit = 10;  ///< from here on idle models go, one after the other
  /// How often models are measured again and the pressure is asked for.
  std::chrono::nanoseconds memory_check = std::chrono::seconds(10);
  BreakerPolicy breaker;
  LoadTimes* load_times = nullptr;  ///< outlives the runtime; null: nothing is known
};

class Runtime;

/// The right to use a model that stays loaded meanwhile, and one of its slots. Move-only; give it
/// back by destroying it, as soon as its last run has ended: others may wait for it.
class Lease {
 public:
  Lease(Lease&&) noexcept;
  Lease& operator=(Lease&&) noexcept;
  ~Lease();

  /// From now on the model only stays loaded: for who will come back to it, with a lease of its own
  /// for each run, and must not keep others from it meanwhile.
  void give_back_slot();
  /// Whether somebody waits for the model to go, or it has died: who only keeps it loaded gives the
  /// lease back then.
  bool is_wanted_back() const;

  inference::Model& model() const noexcept;
  const std::string& engine() const noexcept;
  /// How long this request waited for the model to be loaded; zero when it was there.
  std::chrono::nanoseconds load_time() const noexcept;
  /// The keep-alive time that was given where the client wanted a longer one.
  std::optional<KeepAlive> cut_keep_alive() const noexcept;

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

  /// Blocks until the model is loaded with these options and has a slot for run.lane; run says how
  /// long. keep_alive: nothing means the default.
  /// Where the model is resident with other options or other files (it was pulled anew), it is
  /// reloaded as soon as nobody uses it.
  /// Throws kBusy with Retry-After where too many wait, where no slot came in time, and the refusal
  /// of set_pace(). Throws what Engine::load throws; kUnsupported when no engine of that name is
  /// there or usable, with the reason; kBusy with Retry-After while a crashed model waits for its
  /// restart; kOutOfMemory with the numbers where there is no memory for it.
  Lease acquire(const inference::ModelSpec& spec, const inference::LoadOptions& options,
                std::optional<KeepAlive> keep_alive, const RunContext& run);

  /// Drops the model as soon as its last lease ends; at once if there is none. False if it is not
  /// resident.
  bool unload(const std::string& name);
  void unload_all();

  /// How much work may begin; at first all of it. refusal: what new work is answered with
  /// meanwhile; nothing: it waits.
  void set_pace(Pace pace, std::optional<Error> refusal = std::nullopt);
  /// Who waits for slots and has them, by lane.
  QueueFigures queue() const;

  std::vector<Resident> residents() const;
  MemoryUse memory() const;

  /// Asks the engine what the model needs, where that is not known yet. Throws as acquire does for
  /// an engine that cannot be used, and what Engine::estimate throws.
  LoadForecast forecast(const inference::ModelSpec& spec, const inference::LoadOptions& options);

  std::vector<Fault> faults() const;
  /// An operator's word that the model is well again. False if it was not faulted.
  bool clear_fault(const std::string& name);

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
