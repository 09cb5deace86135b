// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where models, and the catalogue of what can be had, are looked for.

#include <filesystem>
#include <vector>

#include "core/config/environment.hpp"
#include "core/config/settings.hpp"

namespace hailstone::core {

/// In the order of search, without repeats; the first is the writable one. Most of them will not
/// exist: that is for the store to find out. executable: path of the running program.
std::vector<std::filesystem::path> store_roots(const Settings& settings,
                                               const Environment& environment,
                                               const std::filesystem::path& executable);

/// The folders of the catalogue, likewise; the first is the user's own.
std::vector<std::filesystem::path> catalog_folders(const Settings& settings,
                                                   const Environment& environment,
                                                   const std::filesystem::path& executable);

/// Of the files that describe engines; the last one counts most, the user's own.
std::vector<std::filesystem::path> engine_folders(const Settings& settings,
                                                  const Environment& environment,
                                                  const std::filesystem::path& executable);

/// Of the files that describe workers, likewise.
std::vector<std::filesystem::path> worker_folders(const Settings& settings,
                                                  const Environment& environment,
                                                  const std::filesystem::path& executable);

/// Of the files that describe queues, likewise.
std::vector<std::filesystem::path> queue_folders(const Settings& settings,
                                                 const Environment& environment,
                                                 const std::filesystem::path& executable);

/// Where the Python package for workers may be; the first that is there counts.
std::vector<std::filesystem::path> python_folders(const Environment& environment,
                                                  const std::filesystem::path& executable);

/// Where the programs of the engines are: beside the executable, or in libexec where it is
/// installed.
std::filesystem::path engine_program_folder(const std::filesystem::path& executable);

}  // namespace hailstone::core
