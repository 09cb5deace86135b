// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The list of engines: what is not made here does not exist.

#include <filesystem>
#include <memory>
#include <vector>

#include "core/config/settings.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {
class Metrics;
class WorkerFiles;
}  // namespace hailstone::core

namespace hailstone::os {
class ControlGroups;
}

namespace hailstone::app {

/// bin: the folder of the running program, where the engine hosts stand too; folders: of the files
/// that describe further engines, the last counts most; stores: where models are; run: a private
/// folder for sockets. The metrics outlive the engines. groups: for their processes, outlive all
/// models; may be null.
std::vector<std::unique_ptr<inference::Engine>> make_engines(
    const core::Settings& settings, const std::filesystem::path& bin,
    const std::vector<std::filesystem::path>& folders,
    const std::vector<std::filesystem::path>& stores, const std::filesystem::path& run,
    core::Metrics& metrics, os::ControlGroups* groups);

/// The one whose models are workers. workers outlives it; python: where its package may be.
std::unique_ptr<inference::Engine> make_worker_engine(
    const core::Settings& settings, const core::WorkerFiles& workers,
    const std::vector<std::filesystem::path>& python, os::ControlGroups* groups);

}  // namespace hailstone::app
