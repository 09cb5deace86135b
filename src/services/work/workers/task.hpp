// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Workers as clients see them. Plain values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inference/worker/worker_manifest.hpp"

namespace hailstone::workers {

enum class WorkerState : std::uint8_t {
  kIdle,     ///< its process is started with the next request
  kLoaded,   ///< it runs
  kFaulted,  ///< it crashed again and again
  kNative    ///< a route of our own does its work
};

constexpr std::string_view to_string(WorkerState state) noexcept {
  constexpr std::string_view kNames[] = {"idle", "loaded", "faulted", "native"};
  return kNames[static_cast<std::size_t>(state)];
}

struct WorkerStatus {
  inference::WorkerPtr worker;
  WorkerState state = WorkerState::kIdle;
  std::string reason{};  ///< why it is faulted
  ByteSize host{};       ///< what it takes now
  ByteSize npu{};
};

struct WorkerList {
  std::vector<WorkerStatus> workers{};
  std::vector<std::string> problems{};  ///< of files that are left out
};

}  // namespace hailstone::workers
