// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the kernel allows this process of memory, and how short memory is. root: where /proc and
// /sys are found, so that tests can bring their own.

#include <filesystem>
#include <optional>

#include "base/byte_size.hpp"

namespace hailstone::os {

/// The tightest limit among this process's control group and those above it, version 1 or 2.
/// Nothing where there is none.
std::optional<ByteSize> find_cgroup_memory_limit(const std::filesystem::path& root = "/");

/// How many per cent of the last ten seconds some process waited for memory (PSI, "some avg10"):
/// the worse of the whole machine and this process's control group. Nothing where the kernel does
/// not say.
std::optional<double> find_memory_pressure(const std::filesystem::path& root = "/");

}  // namespace hailstone::os
