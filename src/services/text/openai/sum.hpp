// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tokens of several choices together.

#include "services/text/chat/task.hpp"

namespace hailstone::openai {

/// One more choice of the same prompt, which is counted once.
inline void add_choice(chat::Summary& sum, const chat::Summary& choice) noexcept {
  const bool is_first = sum.prompt_tokens == 0;
  sum.prompt_tokens = choice.prompt_tokens;
  sum.dropped_messages = choice.dropped_messages;
  sum.dropped_tokens = choice.dropped_tokens;
  // Later choices find the prompt in the cache: that was no help from before.
  if (is_first) sum.cached_prompt_tokens = choice.cached_prompt_tokens;
  sum.generated_tokens += choice.generated_tokens;
  sum.thinking_tokens += choice.thinking_tokens;
}

/// Another prompt.
inline void add_prompt(chat::Summary& sum, const chat::Summary& other) noexcept {
  sum.prompt_tokens += other.prompt_tokens;
  sum.dropped_tokens += other.dropped_tokens;
  sum.cached_prompt_tokens += other.cached_prompt_tokens;
  sum.generated_tokens += other.generated_tokens;
  sum.thinking_tokens += other.thinking_tokens;
}

}  // namespace hailstone::openai
