// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace hailstone::engines::llama {

/// A JSON schema that llama-server can turn into a grammar in reasonable time: it computes for
/// minutes over large repetitions and long lists of alternatives, for everybody else too. Patterns
/// are spelled out for it: what it does not know it would silently leave out. Properties keep their
/// order, which is the one in which a model writes them. Throws Error(kBadRequest) that names what
/// is too much.
nlohmann::ordered_json parse_schema(std::string_view text);

/// The same of what tools take: all of them become one grammar. Throws as parse_schema() does.
void check_tools(const nlohmann::ordered_json& tools);

}  // namespace hailstone::engines::llama
