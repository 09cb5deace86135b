// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Base64 (RFC 4648, standard alphabet).

#include <optional>
#include <string>
#include <string_view>

namespace hailstone {

/// Padding may be missing; line breaks are skipped. Nothing for any other foreign character, for a
/// length that cannot be, and for padding in the middle.
std::optional<std::string> find_base64(std::string_view text);

/// With padding, without line breaks.
std::string to_base64(std::string_view bytes);

}  // namespace hailstone
