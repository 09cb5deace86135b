// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON schema of a call that has to come. Pure.

#include <string>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::chat {

/// {"name": one of the tools, "arguments": as its parameters say}.
std::string call_schema(const std::vector<inference::ToolSpec>& tools);

}  // namespace hailstone::chat
