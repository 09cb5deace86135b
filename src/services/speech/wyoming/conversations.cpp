// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/conversations.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace hailstone::wyoming {

using inference::Role;

std::vector<inference::Message> Conversations::history(const std::string& id) {
  const MutexLock lock(mutex_);
  forget_old();
  const auto found = all_.find(id);
  return found == all_.end() ? std::vector<inference::Message>() : found->second.messages;
}

void Conversations::add(const std::string& id, const std::string& said, const std::string& answer) {
  if (id.empty()) return;
  const auto cut = [](const std::string& text) {
    return std::string(utf8_prefix(text, kMostText));
  };
  const MutexLock lock(mutex_);
  forget_old();
  auto& conversation = all_[id];
  conversation.used = clock_.now();
  auto& messages = conversation.messages;
  messages.push_back(inference::make_message(Role::kUser, cut(said)));
  messages.push_back(inference::make_message(Role::kAssistant, cut(answer)));
  if (messages.size() > 2 * kMostTurns) messages.erase(messages.begin(), messages.begin() + 2);
  if (all_.size() <= kMost) return;
  all_.erase(std::min_element(all_.begin(), all_.end(), [](const auto& a, const auto& b) {
    return a.second.used < b.second.used;
  }));
}

void Conversations::forget_old() {
  const auto now = clock_.now();
  std::erase_if(all_, [now](const auto& each) { return each.second.used + kKept < now; });
}

std::size_t Conversations::size() const {
  const MutexLock lock(mutex_);
  return all_.size();
}

}  // namespace hailstone::wyoming
