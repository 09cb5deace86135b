// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Makes a conversation fit a model's context, in every dialect by the same rules: the oldest turns
// go first; the system's messages, the last question and the last message stay; a call of a tool
// goes with its results. Where one message alone is too long, it loses its beginning. Pure.

#include <cstddef>
#include <functional>
#include <string>

#include "inference/text_session.hpp"

namespace hailstone::services {

/// How many tokens a prompt may have.
struct Room {
  int context_length = 0;
  int reply_reserve = 0;  ///< what a prompt that must be cut anyway leaves to the reply
  bool may_truncate = true;

  /// A beginning-of-sequence token and one token of reply must fit behind it.
  int hard() const noexcept { return context_length - 2; }
  int soft() const noexcept { return hard() - reply_reserve; }
};

/// max_tokens: of the reply; negative: no limit.
Room make_room(int context_length, int max_tokens, bool may_truncate) noexcept;

/// What has been taken away.
struct Cut {
  int messages = 0;
  int tokens = 0;  ///< off the beginning of one message
};

/// What only the model knows.
struct Counting {
  std::function<int(const inference::ChatPrompt&)> count;
  /// The text without about that many tokens at its front.
  std::function<std::string(const std::string& text, int tokens)> without_front;
};

/// Counts only where it could matter, and not at all what its bytes alone make too long. Throws
/// Error(kBadRequest) with the counts where nothing may be cut, or where all that may is not
/// enough.
Cut make_fit(inference::ChatPrompt& prompt, const Room& room, const Counting& counting);

/// How many of a mere row of tokens have to go. Throws as make_fit does.
int tokens_to_drop(int tokens, const Room& room);

/// How many tokens a text has at least: none holds more bytes.
std::size_t least_tokens(std::size_t bytes) noexcept;

/// Throws where a text of so many bytes cannot fit, however its tokens are cut.
void refuse_hopeless(std::size_t bytes, const Room& room);

}  // namespace hailstone::services
