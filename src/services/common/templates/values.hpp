// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Ollama's templates are given, by the names of its Go structs.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "formats/go_template/functions.hpp"
#include "formats/go_template/value.hpp"
#include "inference/text_session.hpp"

namespace hailstone::templates {

/// A message whose role is a word: templates compare words.
struct PlainMessage {
  std::string role;
  std::string content;
  std::string thinking;
  std::vector<inference::ToolCall> tool_calls;
  std::string tool_name;
  std::string tool_call_id;
};

/// Any JSON; objects keep their order. Nil for what is no JSON.
go_template::Value json_value(std::string_view text);

go_template::Value message_value(const PlainMessage& message);

/// Throws Error(kBadRequest) for parameters that are no object.
go_template::Value tools_value(const std::vector<inference::ToolSpec>& tools);

/// .Think, .ThinkLevel and .IsThinkSet.
void add_thinking(go_template::Record& data, inference::Thinking thinking);

/// json, currentDate, yesterdayDate, toTypeScriptType. The clock outlives them.
go_template::Functions ollama_functions(const Clock& clock);

}  // namespace hailstone::templates
