// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/truncation/truncation.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace hailstone::services {
namespace {

using inference::ChatPrompt;
using inference::Message;
using inference::Part;
using inference::Role;

/// What templates put around a message, and in front of all of them (a default system text, the
/// instructions for tools). Tools are printed with indentation: their bytes count twice.
constexpr std::size_t kTokensPerMessage = 16;
constexpr std::size_t kTokensPerPrompt = 128;
constexpr std::size_t kTokensForTools = 512;
/// The longest tokens of vocabularies in use are rows of so many blanks.
constexpr std::size_t kMostTokenBytes = 128;
/// What of a text of many megabytes is looked at, per token that may stay.
constexpr std::size_t kUsefulBytes = 32;
/// A cut text can come out as more tokens than were kept. Each round takes more.
constexpr int kMostRounds = 6;

std::size_t text_bytes(const Message& message) noexcept {
  std::size_t bytes = message.thinking.size();
  for (const auto& part : message.parts) {
    if (part.kind == Part::Kind::kText) bytes += part.data.size();
  }
  for (const auto& call : message.tool_calls) bytes += call.name.size() + call.arguments.size();
  return bytes;
}

std::size_t tool_bytes(const ChatPrompt& prompt) noexcept {
  std::size_t bytes = 0;
  for (const auto& tool : prompt.tools) {
    bytes += tool.name.size() + tool.description.size() + tool.parameters.size();
  }
  return bytes;
}

std::size_t text_bytes(const ChatPrompt& prompt) noexcept {
  std::size_t bytes = tool_bytes(prompt);
  for (const auto& message : prompt.messages) bytes += text_bytes(message);
  return bytes;
}

/// No token is shorter than a byte. What a template adds is generously guessed; pictures do not
/// count.
std::size_t most_tokens(const ChatPrompt& prompt) noexcept {
  std::size_t tokens = kTokensPerPrompt + text_bytes(prompt) + tool_bytes(prompt);
  if (!prompt.tools.empty()) tokens += kTokensForTools;
  return tokens + kTokensPerMessage * prompt.messages.size();
}

[[noreturn]] void refuse_length(const std::string& tokens, const Room& room) {
  throw Error(ErrorCode::kBadRequest,
              "the input length exceeds the context length (" + tokens + " tokens, at most " +
                  std::to_string(std::max(room.hard(), 0)) + " fit)",
              "shorten it, or ask for a larger num_ctx");
}

/// The messages that may go, oldest first, as groups that go together: a question with its answer,
/// a call with its results.
class Groups {
 public:
  explicit Groups(const std::vector<Message>& messages) {
    const std::size_t tail = begin_of_tail(messages);
    const std::size_t question = last_question(messages);
    for (std::size_t i = 0; i < tail; ++i) {
      if (messages[i].role == Role::kSystem || i == question) continue;
      const bool begins = groups_.empty() || messages[i].role == Role::kUser ||
                          (i > question && messages[i].role != Role::kTool);
      if (begins) groups_.emplace_back();
      groups_.back().push_back(i);
    }
  }

  std::size_t count() const noexcept { return groups_.size(); }

  /// The prompt without the first groups.
  ChatPrompt without(const ChatPrompt& prompt, std::size_t groups) const {
    std::vector<bool> gone(prompt.messages.size(), false);
    for (std::size_t i = 0; i < groups; ++i) {
      for (const std::size_t at : groups_[i]) gone[at] = true;
    }
    ChatPrompt out = prompt;
    out.messages.clear();
    for (std::size_t i = 0; i < gone.size(); ++i) {
      if (!gone[i]) out.messages.push_back(prompt.messages[i]);
    }
    return out;
  }

 private:
  /// The last message, with the call that it is a result of.
  static std::size_t begin_of_tail(const std::vector<Message>& messages) noexcept {
    if (messages.empty()) return 0;
    std::size_t at = messages.size() - 1;
    while (at > 0 && messages[at].role == Role::kTool) --at;
    return at;
  }

  static std::size_t last_question(const std::vector<Message>& messages) noexcept {
    std::size_t at = messages.size();
    for (std::size_t i = 0; i < messages.size(); ++i) {
      if (messages[i].role == Role::kUser) at = i;
    }
    return at;
  }

  std::vector<std::vector<std::size_t>> groups_;
};

/// One prompt on its way into its room. One use.
class Fitting {
 public:
  Fitting(ChatPrompt& prompt, const Room& room, const Counting& counting)
      : prompt_(prompt), room_(room), counting_(counting) {}

  Cut fit() {
    if (fits_surely(prompt_)) return {};
    if (!room_.may_truncate) {
      refuse_hopeless(text_bytes(prompt_), room_);
      const int tokens = counting_.count(prompt_);
      if (tokens > room_.hard()) refuse_length(std::to_string(tokens), room_);
      return {};
    }
    if (tokens_of(prompt_) <= room_.soft()) return {};
    const auto before = prompt_.messages.size();
    drop_groups();
    Cut cut;
    cut.tokens = shorten();
    cut.messages = static_cast<int>(before - prompt_.messages.size());
    return cut;
  }

 private:
  bool fits_surely(const ChatPrompt& prompt) const noexcept {
    return most_tokens(prompt) <= static_cast<std::size_t>(std::max(0, room_.soft()));
  }

  /// Guessed, from below, where it is too much anyway.
  int tokens_of(const ChatPrompt& prompt) const {
    const std::size_t least = least_tokens(text_bytes(prompt));
    if (least > static_cast<std::size_t>(std::max(0, room_.hard()))) {
      return static_cast<int>(std::min<std::size_t>(least, INT32_MAX));
    }
    return fits_surely(prompt) ? 0 : counting_.count(prompt);
  }

  /// As few as it takes.
  void drop_groups() {
    const Groups groups(prompt_.messages);
    std::size_t least = 0;
    std::size_t most = groups.count();
    while (least < most) {
      const std::size_t middle = least + (most - least) / 2;
      if (tokens_of(groups.without(prompt_, middle)) <= room_.soft()) {
        most = middle;
      } else {
        least = middle + 1;
      }
    }
    ChatPrompt shorter = groups.without(prompt_, least);
    // Where nothing helps, the reply's reserve is given up before anything else is.
    if (least == groups.count() && tokens_of(prompt_) <= room_.hard()) return;
    prompt_ = std::move(shorter);
  }

  /// Takes from the beginning of the longest message what is still too much.
  int shorten() {
    int tokens = tokens_of(prompt_);
    if (tokens <= room_.hard()) return 0;
    std::string* text = longest_text();
    if (text == nullptr || room_.soft() <= 0) refuse_length(std::to_string(tokens), room_);
    int dropped = 0;
    const std::size_t useful = static_cast<std::size_t>(room_.hard()) * kUsefulBytes;
    if (text->size() > useful) {
      const std::size_t gone = text->size() - useful;
      dropped += static_cast<int>(least_tokens(gone));
      *text = from_whole_character(*text, gone);
      tokens = tokens_of(prompt_);
    }
    for (int round = 0; round < kMostRounds && tokens > room_.hard(); ++round) {
      const int more = tokens - room_.soft() + round * (room_.soft() / 16);
      *text = counting_.without_front(*text, more);
      dropped += more;
      tokens = tokens_of(prompt_);
    }
    if (tokens > room_.hard()) refuse_length(std::to_string(tokens), room_);
    return dropped;
  }

  static std::string from_whole_character(const std::string& text, std::size_t at) {
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    return text.substr(at);
  }

  /// Null where only the system speaks.
  std::string* longest_text() {
    std::string* longest = nullptr;
    for (auto& message : prompt_.messages) {
      if (message.role == Role::kSystem) continue;
      for (auto& part : message.parts) {
        const bool longer = longest == nullptr || part.data.size() > longest->size();
        if (part.kind == Part::Kind::kText && longer) longest = &part.data;
      }
    }
    return longest;
  }

  ChatPrompt& prompt_;
  const Room& room_;
  const Counting& counting_;
};

}  // namespace

Room make_room(int context_length, int max_tokens, bool may_truncate) noexcept {
  const int eighth = context_length / 8;
  const bool short_reply = max_tokens > 0 && max_tokens < eighth;
  return {context_length, short_reply ? max_tokens : eighth, may_truncate};
}

std::size_t least_tokens(std::size_t bytes) noexcept {
  return bytes / kMostTokenBytes;
}

void refuse_hopeless(std::size_t bytes, const Room& room) {
  const std::size_t least = least_tokens(bytes);
  if (least > static_cast<std::size_t>(std::max(0, room.hard()))) {
    refuse_length("at least " + std::to_string(least), room);
  }
}

Cut make_fit(ChatPrompt& prompt, const Room& room, const Counting& counting) {
  return Fitting(prompt, room, counting).fit();
}

int tokens_to_drop(int tokens, const Room& room) {
  if (tokens <= room.hard()) return 0;
  if (!room.may_truncate || room.soft() <= 0) refuse_length(std::to_string(tokens), room);
  return tokens - room.soft();
}

}  // namespace hailstone::services
