// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes of one blob, over several connections, each of which may fail and go on.

#include <functional>

#include "core/registry/session.hpp"
#include "core/store/blobs/partial_blob.hpp"

namespace hailstone::core {

using Locate = std::function<Source(const RunContext& run)>;
/// Bytes in all, bytes so far.
using OnBytes = std::function<void(std::uint64_t total, std::uint64_t completed)>;

/// Fills every part of the blob. Returns when all are complete. A part that fails goes on where it
/// stopped; after so many failures in a row without a byte the last one is thrown, as error_of()
/// makes it. A server whose file has another length is Error(kEngineFailed).
void download_parts(PartialBlob& blob, ByteSize size, const Locate& locate,
                    const RegistryOptions& options, const OnBytes& on_bytes, const RunContext& run);

}  // namespace hailstone::core
