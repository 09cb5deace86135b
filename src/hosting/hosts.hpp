// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the hosts of one engine come from: one per model or one for all, and one for questions
// about files, which nobody may trust.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/backoff.hpp"
#include "base/sync/mutex.hpp"
#include "hosting/host.hpp"
#include "hosting/turn.hpp"
#include "inference/engines/engine_descriptor.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::hosting {

using inference::HostScope;

/// Thread-safe. The engine and its models hold it: they may outlive each other.
class Hosts {
 public:
  /// engine: its name, which each host confirms.
  Hosts(std::string engine, HostCommand command, HostScope scope, HostOptions options,
        const Clock& clock);
  ~Hosts();
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  const std::string& engine() const noexcept { return engine_; }
  HostScope scope() const noexcept { return scope_; }
  const HostOptions& options() const noexcept { return options_; }

  /// For models: one that has answered questions about the same files and waits for more, a new
  /// one, or the shared one, which is started anew where it has died. Throws what
  /// Host's constructor throws; kUnsupported where there is no program, or the host says that its
  /// engine cannot be used here; kBusy with Retry-After where the shared one crashes too often.
  /// A host for one model may read the spec's files; the shared one what its command says.
  std::shared_ptr<Host> acquire(const inference::ModelSpec& spec, const RunContext& run);
  /// For questions: a host without models, which stays for a while for further ones about the same
  /// files. spec: whose files it may read; null: none are needed, and it does not stay.
  std::shared_ptr<Host> acquire_for_questions(const inference::ModelSpec* spec,
                                              const RunContext& run);
  /// Null where none runs.
  std::shared_ptr<Host> find_shared() const;

 private:
  using Files = std::vector<std::filesystem::path>;

  std::shared_ptr<Host> start(const Files& files, const RunContext& run, HostOptions options) const;
  std::shared_ptr<Host> acquire_shared(const RunContext& run);
  std::shared_ptr<Host> take_questioned(const Files& files);
  void linger(const std::stop_token& stop);

  const std::string engine_;
  const HostCommand command_;
  const HostScope scope_;
  const HostOptions options_;

  mutable std::atomic<std::uint64_t> started_{0};

  // Whoever has the turn starts a host: that takes time, so no mutex is held meanwhile.
  Turns shared_turns_;
  Turns question_turns_;
  Backoff backoff_;  // of whoever has the turn at the shared host

  mutable Mutex mutex_;
  std::shared_ptr<Host> shared_ HAILSTONE_GUARDED_BY(mutex_);         // models hold it too
  std::shared_ptr<Host> for_questions_ HAILSTONE_GUARDED_BY(mutex_);  // whoever asks holds it too
  Files question_files_ HAILSTONE_GUARDED_BY(mutex_);                 // that it may read
  SteadyTime questioned_ HAILSTONE_GUARDED_BY(mutex_){};              // when it was asked last
  std::condition_variable_any asked_;
  std::jthread lingerer_;  // of whoever has the turn at questions; ends the host when it is idle
};

}  // namespace hailstone::hosting
