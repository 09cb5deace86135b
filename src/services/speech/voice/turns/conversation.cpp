// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/turns/conversation.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hailstone::voice {
namespace {

using inference::Message;
using inference::Role;

Error no_item(std::string_view id) {
  return {ErrorCode::kNotFound, "no item '" + std::string(id) + "' is in the conversation"};
}

void add_message(std::vector<Message>& messages, const Item& item) {
  Message message;
  message.role = item.role;
  for (const auto& content : item.contents) {
    if (content.text.empty()) continue;
    if (content.kind == Content::Kind::kImage) {
      inference::add_image(message, content.text);
    } else {
      inference::add_text(message, content.text);
    }
  }
  if (!message.parts.empty()) messages.push_back(std::move(message));
}

/// Calls belong to the answer that they come with.
void add_call(std::vector<Message>& messages, const Item& item) {
  if (messages.empty() || messages.back().role != Role::kAssistant) {
    messages.emplace_back();
    messages.back().role = Role::kAssistant;
  }
  messages.back().tool_calls.push_back(item.call);
}

void add_output(std::vector<Message>& messages, const Item& item, const std::vector<Item>& items) {
  Message message = inference::make_message(Role::kTool, item.output);
  message.tool_call_id = item.call.id;
  for (const auto& other : items) {
    if (other.kind == Item::Kind::kCall && other.call.id == item.call.id) {
      message.tool_name = other.call.name;
    }
  }
  messages.push_back(std::move(message));
}

}  // namespace

std::string text_of(const Item& item) {
  std::string text;
  for (const auto& content : item.contents) {
    if (content.kind != Content::Kind::kImage) text += content.text;
  }
  return text;
}

Item* Conversation::find(std::string_view id) noexcept {
  const auto found =
      std::find_if(items_.begin(), items_.end(), [id](const Item& item) { return item.id == id; });
  return found == items_.end() ? nullptr : &*found;
}

std::string Conversation::add(Item item, const std::optional<std::string>& after) {
  if (find(item.id) != nullptr) {
    throw Error(ErrorCode::kConflict, "an item '" + item.id + "' is in the conversation already");
  }
  auto place = items_.end();
  if (after && *after == "root") {
    place = items_.begin();
  } else if (after) {
    const Item* before = find(*after);
    if (before == nullptr) throw no_item(*after);
    place = items_.begin() + (before - items_.data()) + 1;
  }
  std::string previous = place == items_.begin() ? std::string() : std::prev(place)->id;
  items_.insert(place, std::move(item));
  if (items_.size() > kMostItems) items_.erase(items_.begin());
  return previous;
}

bool Conversation::remove(std::string_view id) {
  return std::erase_if(items_, [id](const Item& item) { return item.id == id; }) > 0;
}

std::string Conversation::last_id() const {
  return items_.empty() ? std::string() : items_.back().id;
}

void Conversation::truncate(std::string_view id, Length until) {
  Item* item = find(id);
  if (item == nullptr) throw no_item(id);
  const auto audio =
      std::find_if(item->contents.begin(), item->contents.end(),
                   [](const Content& content) { return content.kind == Content::Kind::kAudio; });
  if (item->role != Role::kAssistant || audio == item->contents.end()) {
    throw Error(ErrorCode::kBadRequest, "only an answer with sound can be cut");
  }
  // A client counts whole milliseconds of what it got.
  if (until > item->spoken.length() + std::chrono::milliseconds(1)) {
    const auto length =
        std::chrono::duration_cast<std::chrono::milliseconds>(item->spoken.length());
    throw Error(
        ErrorCode::kBadRequest,
        "Audio content of " + std::to_string(length.count()) + "ms is already shorter than " +
            std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(until).count()) +
            "ms");
  }
  audio->text = item->spoken.until(until);
  item->status = Item::Status::kIncomplete;
}

std::vector<Message> make_messages(std::string_view instructions, const std::vector<Item>& items) {
  std::vector<Message> messages;
  if (!instructions.empty()) {
    messages.push_back(inference::make_message(Role::kSystem, std::string(instructions)));
  }
  for (const auto& item : items) {
    switch (item.kind) {
      case Item::Kind::kMessage:
        add_message(messages, item);
        break;
      case Item::Kind::kCall:
        add_call(messages, item);
        break;
      case Item::Kind::kCallOutput:
        add_output(messages, item, items);
        break;
    }
  }
  return messages;
}

}  // namespace hailstone::voice
