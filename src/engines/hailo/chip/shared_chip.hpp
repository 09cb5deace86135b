// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one owner of the chip in this process: opened with the first model, and kept until the
// process ends, because a second VDevice in a process does not work. A chip that is lost, or a call
// that does not return, ends the process; the daemon starts another one.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/byte_size.hpp"
#include "base/celsius.hpp"
#include "base/error.hpp"
#include "base/run_context.hpp"
#include "engines/hailo/chip/call_watch.hpp"
#include "engines/hailo/chip/chip.hpp"

namespace hailstone::engines::hailo {

/// Runs of models that write or hear: the chip wants them one after the other. Whoever came first
/// has the first turn. Thread-safe.
class Turns {
 public:
  class Turn {
   public:
    /// Waits. Throws as RunContext::check does.
    Turn(Turns& turns, const RunContext& run);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
  };

  /// Somebody would like to have the turn that somebody else has.
  bool is_wanted() const {
    const std::lock_guard lock(mutex_);
    return !waiting_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t next_ticket_ = 0;            // guarded by mutex_
  std::map<std::uint64_t, bool> waiting_{};  // guarded by mutex_
  bool is_taken_ = false;                    // guarded by mutex_
};

/// Thread-safe. Outlives the models.
class SharedChip {
 public:
  /// Ends the process; on a thread of its own, once what is being sent has had time to leave.
  /// why: for the log.
  using EndProcess = std::function<void(const std::string& why)>;

  explicit SharedChip(EndProcess end_process);
  ~SharedChip();

  /// Opens it where that has not been done; waits a while where another program has it just now.
  /// Throws kBusy, kUnsupported, kEngineFailed, kTimeout, kCancelled.
  Chip& ensure_open(HailoRt& runtime, const RunContext& run);

  /// Nothing works any more, and the process ends soon.
  bool is_lost() const noexcept { return is_lost_; }

  /// What a failed call means for whoever asked; a chip that is lost by it is given up. Call inside
  /// the catch block.
  Error explain(const ChipError& error, const std::string& doing);

  /// Whether the chip still answers: tells a lost one from one that refuses something.
  bool answers();

  /// The last that was heard, some seconds old at most.
  std::optional<ChipFigures> figures() const;
  std::optional<Celsius> temperature() const;

  CallWatch& watch() noexcept { return watch_; }
  Turns& turns() noexcept { return turns_; }
  /// Loads take turns, so that what each takes can be told.
  Turns& loads() noexcept { return loads_; }
  /// Asks the chip now, for what a load has taken.
  std::optional<ChipFigures> read_figures();

 private:
  std::unique_ptr<Chip> open_patiently(HailoRt& runtime, const RunContext& run);
  void lose(const std::string& why);
  void await_loss(const std::stop_token& stop);
  void monitor(const std::stop_token& stop);

  const EndProcess end_process_;
  CallWatch watch_;
  Turns turns_;
  Turns loads_;
  std::atomic<bool> is_lost_{false};

  mutable std::mutex mutex_;
  std::unique_ptr<Chip> chip_;          // guarded by mutex_; set once
  std::optional<ChipFigures> figures_;  // guarded by mutex_
  std::optional<Celsius> celsius_;      // guarded by mutex_
  SteadyTime heard_{};                  // guarded by mutex_; when the two were read
  std::string loss_;                    // guarded by mutex_; why it is lost
  std::condition_variable_any changed_;
  std::jthread ender_;
  std::jthread monitor_;
};

}  // namespace hailstone::engines::hailo
