// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Anthropic's JSON of replies: a message whole, or the events of one that is being written. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/text/chat/task.hpp"

namespace hailstone::anthropic {

struct Block {
  enum class Kind { kText, kThinking, kToolUse };

  Kind kind = Kind::kText;
  std::string text;       ///< or what was thought, or a call's arguments
  std::string id = {};    ///< of a call
  std::string name = {};  ///< of a call's tool
};

struct ReplyHead {
  std::string id;
  std::string model;  ///< as the client wrote it
};

enum class Calls { kNone, kSome };

std::string write_message(const ReplyHead& head, const std::vector<Block>& blocks,
                          const chat::Summary& summary);

// The data of events; their names are their "type".
std::string write_message_start(const ReplyHead& head);
std::string write_block_start(int index, const Block& block);
std::string write_block_delta(int index, Block::Kind kind, std::string_view text);
/// Clients keep a signature with what was thought, and send it back; there is nothing to sign here.
std::string write_signature_delta(int index);
std::string write_block_stop(int index);
std::string write_message_delta(const chat::Summary& summary, Calls calls);

std::string write_count(int tokens);

}  // namespace hailstone::anthropic
