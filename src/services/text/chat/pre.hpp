// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a task to what the engine gets. Pure.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "inference/text_session.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::chat {

/// What a model's manifest says about conversations.
struct Preset {
  std::string system;
  std::vector<inference::Message> messages;
};

/// The manifest's messages come first. Its system text comes before everything, unless the client's
/// own conversation begins with one.
inference::ChatPrompt make_chat_prompt(const ChatTask& task, const Preset& preset);

/// A lone prompt as a conversation. An earlier context already holds what the manifest says.
inference::ChatPrompt make_chat_prompt(const GenerateTask& task, const Preset& preset);

/// Everything but the prompt.
inference::TextRequest make_request(const Task& task, const services::ModelOptions& options);

/// How many tokens a prompt may have.
struct Room {
  int context_length = 0;
  int reply_reserve = 0;  ///< what a prompt that must be cut anyway leaves to the reply
  bool may_truncate = true;

  /// A beginning-of-sequence token and one token of reply must fit behind it.
  int hard() const noexcept { return context_length - 2; }
  int soft() const noexcept { return hard() - reply_reserve; }
};

Room make_room(const Task& task, const inference::TextRequest& request,
               int context_length) noexcept;

/// No token is shorter than a byte, so this bounds a prompt's tokens from above, what a template
/// adds generously guessed. Pictures do not count.
std::size_t most_tokens(const inference::ChatPrompt& prompt) noexcept;

using CountTokens = std::function<int(const inference::ChatPrompt&)>;

/// How many of the oldest messages that are not the system's have to go; up to a message of the
/// user, and never the last one. Counts only where it could matter. Throws Error(kBadRequest) where
/// nothing may go, or where all that may is not enough.
std::size_t messages_to_drop(const inference::ChatPrompt& prompt, const Room& room,
                             const CountTokens& count);

/// The messages without the oldest count ones that are not the system's.
std::vector<inference::Message> drop_oldest(const std::vector<inference::Message>& messages,
                                            std::size_t count);

/// The same for a prompt that is a mere row of tokens.
int tokens_to_drop(int tokens, const Room& room);

}  // namespace hailstone::chat
