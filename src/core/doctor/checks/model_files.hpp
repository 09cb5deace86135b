// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Models on the disk, as another user would see them.

#include <filesystem>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "core/doctor/facts/examination.hpp"

namespace hailstone::doctor {

/// Where the service looks for models; the first is written to.
std::vector<std::filesystem::path> service_roots(const Examination& examination);
/// Where one that is started in this shell would look.
std::vector<std::filesystem::path> shell_roots(const Examination& examination);

/// What the manifests say that these models take; what is not there counts nothing.
ByteSize size_of_models(const Examination& examination, const std::vector<std::string>& names);

/// Whether there is at least one manifest below a root.
bool has_models(const Box& box, const std::filesystem::path& root);

/// The first thing in a store that account may not read, of a bounded number; "" where it may.
std::string find_unreadable(const Box& box, const Account& account,
                            const std::filesystem::path& root);

}  // namespace hailstone::doctor
