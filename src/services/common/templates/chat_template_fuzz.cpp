// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any text is a template for a conversation, or an Error; any text is a reply, in pieces.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/common/templates/chat_template.hpp"
#include "services/common/templates/thinking_parser.hpp"
#include "services/common/templates/tool_parser.hpp"

using namespace hailstone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  inference::ChatPrompt prompt;
  prompt.messages.resize(2);
  prompt.messages[1].role = inference::Role::kAssistant;
  prompt.messages[1].tool_calls = {{"id", "f", R"({"x":1})"}};
  prompt.tools = {{"f", "does", R"({"type":"object","properties":{"x":{"type":"integer"}}})"}};
  fuzz::attempt([&] {
    const templates::ChatTemplate made(text);
    made.render(prompt, inference::Thinking::kOn, "<p>");
    made.render_infill({"a", "b"}, inference::Thinking::kModelDefault);
  });
  templates::ThinkingParser thoughts("<t>", "</t>", templates::ThinkingParser::Start::kOutside);
  templates::ToolParser calls(size % 2 == 0 ? "{" : "<c>", prompt.tools);
  for (std::size_t at = 0; at < size; at += 3) {
    const auto thought = thoughts.add(text.substr(at, 3));
    calls.add(thought.text);
  }
  calls.add(thoughts.finish().text);
  calls.finish();
  return 0;
}
