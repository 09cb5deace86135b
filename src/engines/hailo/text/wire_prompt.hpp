// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// JSON in prompts and replies: tools, their calls, and messages for HailoRT. Pure.

#include <optional>
#include <string>
#include <vector>

#include "inference/message.hpp"

namespace hailstone::engines::hailo {

/// {"type":"function","function":{...}}, on one line.
std::string write_tool(const inference::ToolSpec& tool);

/// {"name":...,"arguments":{...}}; arguments_key: "parameters" for Llama.
std::string write_call(const inference::ToolCall& call, const char* arguments_key = "arguments");

/// The inverse, of what a model wrote; it gets an id. Nothing where it is no call.
std::optional<inference::ToolCall> parse_call(const std::string& text);

/// Messages as HailoRT's own templates take them; each picture is an entry in the order of the
/// frames. Throws Error(kUnsupported) for sounds.
std::vector<std::string> write_messages(const std::vector<inference::Message>& messages);

}  // namespace hailstone::engines::hailo
