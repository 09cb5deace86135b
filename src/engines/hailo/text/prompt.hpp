// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a conversation is written for the models that are published for the chip. HailoRT could do it
// itself, but gives the text to nobody: without it tokens cannot be counted before, the context of
// an earlier turn not be recognised, and tools of before HailoRT 5.2 not be named. Pure.

#include <string>
#include <string_view>

#include "inference/text_session.hpp"

namespace hailstone::engines::hailo {

enum class PromptForm {
  kChatMl,    ///< Qwen
  kLlama3,    ///< Llama 3
  kDeepSeek,  ///< DeepSeek R1 and what was distilled from it
  kForeign,   ///< none of these: HailoRT writes it
};

struct PromptStyle {
  PromptForm form = PromptForm::kForeign;
  std::string default_system;  ///< what the template says where a conversation has none
  bool thinks = false;         ///< thoughts stand in <think>
};

/// Told by the marks in the template. jinja: as HailoRT gives it.
PromptStyle read_style(std::string_view jinja);

struct WrittenPrompt {
  std::string text;
  std::string begun;  ///< the end of text that already belongs to the reply
};

/// Throws Error(kUnsupported) for what these models do not know (pictures, sounds), kBadRequest for
/// a tool choice that names none.
WrittenPrompt write_prompt(const PromptStyle& style, const inference::ChatPrompt& prompt,
                           inference::Thinking thinking);

}  // namespace hailstone::engines::hailo
