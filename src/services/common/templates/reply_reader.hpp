// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads the reply to a prompt that a template made: what is thought, what is said, which tools are
// called.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text_session.hpp"
#include "services/common/templates/chat_template.hpp"
#include "services/common/templates/thinking_parser.hpp"
#include "services/common/templates/tool_parser.hpp"

namespace hailstone::templates {

/// How a reply is to be read.
struct Reading {
  std::vector<inference::ToolSpec> tools;
  bool thinks = false;
  std::string begun;  ///< what the prompt has written of the reply already
};

/// Owned by one thread.
class ReplyReader {
 public:
  /// prompt: all of it, with what it has begun.
  ReplyReader(const ChatTemplate& chat_template, const Reading& reading, std::string_view prompt);

  inference::TextChunk read(inference::TextChunk&& raw);
  /// What was kept back; the reply has ended.
  inference::TextChunk finish();

 private:
  inference::TextChunk take(Thought&& thought, bool is_last);
  void add_calls(std::vector<inference::ToolCall>&& calls, inference::TextChunk& chunk);

  std::optional<ThinkingParser> thinking_;
  std::optional<ToolParser> tools_;
  int calls_ = 0;
};

/// The special tokens that a reply has to show, so that it can be read.
std::vector<std::string> visible_tokens(const ChatTemplate& chat_template);

}  // namespace hailstone::templates
