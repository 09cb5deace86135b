// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/reply_reader.hpp"

#include <iterator>
#include <utility>

#include "base/ids.hpp"
#include "base/strings.hpp"

namespace hailstone::templates {

using inference::TextChunk;

ReplyReader::ReplyReader(const ChatTemplate& chat_template, const Reading& reading,
                         std::string_view prompt) {
  const TreeFacts& facts = chat_template.facts();
  if (reading.thinks && chat_template.thinks()) {
    const bool is_inside = trim(prompt).ends_with(facts.thinking_open);
    thinking_.emplace(facts.thinking_open, facts.thinking_close,
                      is_inside ? ThinkingParser::Start::kInside : ThinkingParser::Start::kOutside);
  }
  if (!reading.tools.empty()) {
    tools_.emplace(facts.tool_tag, reading.tools);
    if (!reading.begun.empty()) tools_->add(reading.begun);
  }
}

TextChunk ReplyReader::read(TextChunk&& raw) {
  Thought thought;
  thought.text = std::exchange(raw.text, {});
  if (thinking_) thought = thinking_->add(thought.text);
  TextChunk chunk = take(std::move(thought), /*is_last=*/false);
  chunk.logprobs = std::move(raw.logprobs);
  return chunk;
}

TextChunk ReplyReader::finish() {
  return take(thinking_ ? thinking_->finish() : Thought(), /*is_last=*/true);
}

TextChunk ReplyReader::take(Thought&& thought, bool is_last) {
  TextChunk chunk;
  chunk.thinking = std::move(thought.thinking);
  if (!tools_) {
    chunk.text = std::move(thought.text);
    return chunk;
  }
  Called called = tools_->add(thought.text);
  chunk.text = std::move(called.text);
  add_calls(std::move(called.calls), chunk);
  if (is_last) {
    called = tools_->finish();
    chunk.text += called.text;
    add_calls(std::move(called.calls), chunk);
  }
  return chunk;
}

void ReplyReader::add_calls(std::vector<inference::ToolCall>&& calls, TextChunk& chunk) {
  for (auto& call : calls) {
    chunk.tool_calls.push_back(
        {calls_++, make_id("call_"), std::move(call.name), std::move(call.arguments)});
  }
}

std::vector<std::string> visible_tokens(const ChatTemplate& chat_template) {
  const TreeFacts& facts = chat_template.facts();
  std::vector<std::string> out;
  for (const std::string* tag : {&facts.thinking_open, &facts.thinking_close, &facts.tool_tag}) {
    // A tag may be a token and more: "[TOOL_CALLS] [".
    const std::string first = tag->substr(0, tag->find_first_of(" \t\r\n"));
    if (first.size() > 1) out.push_back(first);
  }
  return out;
}

}  // namespace hailstone::templates
