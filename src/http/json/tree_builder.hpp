// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON text to a tree whose objects keep their fields in order. The grammar is the library's; its
// own way to such a tree looks through all fields of an object for each new one, which is a matter
// of minutes for an object with a million of them. Pure.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace hailstone::http {

/// Of several fields of one name the last value counts, at the place of the first. Throws
/// Error(kBadRequest) that names the place for broken JSON, for bytes that are no UTF-8, for
/// numbers that no double can hold, and for more than max_depth levels.
nlohmann::ordered_json build_json_tree(std::string_view text, int max_depth);

}  // namespace hailstone::http
