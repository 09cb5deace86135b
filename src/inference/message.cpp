// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/message.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::inference {

Message make_message(Role role, std::string text) {
  Message message;
  message.role = role;
  add_text(message, std::move(text));
  return message;
}

void add_text(Message& message, std::string text) {
  if (!text.empty()) message.parts.push_back({Part::Kind::kText, std::move(text)});
}

void add_image(Message& message, std::string bytes) {
  message.parts.push_back({Part::Kind::kImage, std::move(bytes)});
}

std::string text_of(const Message& message) {
  std::string text;
  for (const auto& part : message.parts) {
    if (part.kind == Part::Kind::kText) text += part.data;
  }
  return text;
}

bool has_part(const Message& message, Part::Kind kind) noexcept {
  return std::any_of(message.parts.begin(), message.parts.end(),
                     [&](const Part& part) { return part.kind == kind; });
}

bool has_part(const std::vector<Message>& messages, Part::Kind kind) noexcept {
  return std::any_of(messages.begin(), messages.end(),
                     [&](const Message& message) { return has_part(message, kind); });
}

std::vector<ToolCall> ToolCallJoiner::add(std::vector<ToolCallPiece>&& pieces) {
  std::vector<ToolCall> complete;
  for (auto& piece : pieces) {
    if (piece.index != index_) {
      if (index_ >= 0) complete.push_back(std::exchange(call_, {}));
      index_ = piece.index;
    }
    call_.id += piece.id;
    call_.name += piece.name;
    call_.arguments += piece.arguments;
  }
  return complete;
}

std::vector<ToolCall> ToolCallJoiner::finish() {
  if (index_ < 0) return {};
  index_ = -1;
  return {std::exchange(call_, {})};
}

}  // namespace hailstone::inference
