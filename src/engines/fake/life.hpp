// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the sessions of one fake model share: its script, its slots, its memory, and its death.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "engines/fake/engine.hpp"
#include "engines/fake/script.hpp"

namespace hailstone::engines::fake {

/// Thread-safe.
class Life {
 public:
  Life(std::string engine, std::string model, Script script, Place place);

  const Script& script() const noexcept { return script_; }
  const std::string& model() const noexcept { return model_; }
  bool alive() const noexcept { return alive_; }
  ByteSize memory() const;

  /// Waits load_ms; then refuses, crashes or hangs as scripted. Takes the footprint.
  void load(const RunContext& run);

  /// Throws kTimeout or kCancelled where the run must not go on.
  static void pause(std::chrono::nanoseconds time, const RunContext& run);

 private:
  friend class Run;
  [[noreturn]] void crash();
  [[noreturn]] void hang(const RunContext& run) const;
  void fill(ByteSize amount);
  void take_slot(const RunContext& run);
  void give_slot() noexcept;

  const std::string engine_;
  const std::string model_;
  const Script script_;
  const Place place_;
  std::atomic<bool> alive_{true};

  mutable std::mutex mutex_;
  std::condition_variable_any slot_free_;
  int free_slots_;                          // guarded by mutex_
  ByteSize memory_;                         // guarded by mutex_
  std::vector<std::vector<char>> ballast_;  // guarded by mutex_
};

/// One run: holds a slot, leaks as scripted, and counts the steps after which things go wrong.
class Run {
 public:
  /// first_step: how many steps count as taken already.
  Run(Life& life, const RunContext& context, int first_step = 0);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Call before each token, segment or piece: waits token_ms, fails, crashes or hangs.
  void step();
  /// Until it is called off, or for ever, as scripted.
  [[noreturn]] void hang() const;

 private:
  Life& life_;
  const RunContext& context_;
  int steps_;
};

}  // namespace hailstone::engines::fake
