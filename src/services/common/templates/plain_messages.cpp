// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/plain_messages.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::templates {
namespace {

using inference::Message;
using inference::Role;

const char* name_of(Role role) noexcept {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
  }
  return "user";
}

/// Where a text of Ollama's wants its pictures.
constexpr std::string_view kPlace = "[img]";

std::string with_marks(std::string text, std::size_t pictures, std::string_view mark) {
  std::string front;
  std::size_t from = 0;
  for (std::size_t i = 0; i < pictures; ++i) {
    const auto place = text.find(kPlace, from);
    if (place == std::string::npos) {
      front += mark;
    } else {
      text.replace(place, kPlace.size(), mark);
      from = place + mark.size();
    }
  }
  return front + text;
}

/// Its parts in their order, unless the text has places of its own for pictures.
std::string content_of(const Message& message, std::string_view mark) {
  const std::string text = inference::text_of(message);
  const auto pictures = std::count_if(message.parts.begin(), message.parts.end(), [](auto& part) {
    return part.kind == inference::Part::Kind::kImage;
  });
  if (pictures == 0) return text;
  if (text.find(kPlace) != std::string::npos) {
    return with_marks(text, static_cast<std::size_t>(pictures), mark);
  }
  std::string out;
  for (const auto& part : message.parts) {
    if (part.kind == inference::Part::Kind::kImage) out += mark;
    if (part.kind == inference::Part::Kind::kText) out += part.data;
  }
  return out;
}

PlainMessage plain(const Message& message, std::string_view mark) {
  PlainMessage out;
  out.role = message.role_name.empty() ? name_of(message.role) : message.role_name;
  out.content = content_of(message, mark);
  out.thinking = message.thinking;
  out.tool_calls = message.tool_calls;
  out.tool_name = message.tool_name;
  out.tool_call_id = message.tool_call_id;
  return out;
}

void append(std::string& to, const std::string& text) {
  if (!to.empty()) to += "\n\n";
  to += text;
}

}  // namespace

Collated collate(const std::vector<Message>& messages, std::string_view mark) {
  Collated out;
  for (const auto& message : messages) {
    PlainMessage next = plain(message, mark);
    if (next.role == "system") append(out.system, next.content);
    const bool merges =
        !out.messages.empty() && out.messages.back().role == next.role && next.role != "tool";
    if (!merges) {
      out.messages.push_back(std::move(next));
      continue;
    }
    PlainMessage& last = out.messages.back();
    last.content += "\n\n" + next.content;
    if (!next.thinking.empty()) append(last.thinking, next.thinking);
    for (auto& call : next.tool_calls) last.tool_calls.push_back(std::move(call));
  }
  return out;
}

}  // namespace hailstone::templates
