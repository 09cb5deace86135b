// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A JSON schema's regular expressions in the few words that llama.cpp's grammars know. Pure.

#include <string>
#include <string_view>

namespace hailstone::engines::llama {

/// An anchored pattern of characters, classes, groups, alternatives and repetitions, which matches
/// the text of JSON: quotes and backslashes are escaped there. Throws Error(kBadRequest) that
/// quotes the pattern and names what in it cannot be enforced.
std::string translate_pattern(std::string_view pattern);

}  // namespace hailstone::engines::llama
