// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a fake model makes of a prompt: the words it reads, what it echoes, which tools it calls.
// Pure.

#include <string>
#include <vector>

#include "engines/fake/script.hpp"
#include "engines/fake/vocabulary.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::fake {

/// A picture reads "[image of 12 bytes]", a sound likewise.
std::string render(const inference::ChatPrompt& prompt);

/// What the model reads, and what it says where the script does not.
struct Understood {
  std::vector<std::string> prompt;
  std::string echo;
};

Understood understand(const inference::Prompt& prompt, const Vocabulary& vocabulary);

/// The script's calls, or "call:NAME {json}" in the last message where that is the user's; only of
/// tools that are on offer, and as the tool choice has it. Where one is required and none is
/// scripted, the first tool with no arguments.
std::vector<inference::ToolCall> choose_calls(const Script& script,
                                              const inference::Prompt& prompt);

}  // namespace hailstone::engines::fake
