// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 digests, which name the blobs of a store.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hailstone::core {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// "sha256:<64 hex>" or "sha256-<64 hex>", nothing else: what comes out of here is safe in a path.
/// Gives the 64 digits in lower case.
std::optional<std::string> find_digest_hex(std::string_view digest);

/// The one function that turns a digest into a path. Nothing for a text that is not a digest.
std::optional<std::filesystem::path> find_blob_path(const std::filesystem::path& root,
                                                    std::string_view digest);

}  // namespace hailstone::core
