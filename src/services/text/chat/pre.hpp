// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a task to what the engine gets. Pure.

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

}  // namespace hailstone::chat
