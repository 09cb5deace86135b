// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pre.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hailstone::chat {
namespace {

using inference::make_message;
using inference::Message;
using inference::Role;

/// What templates put around a message, and in front of all of them (a default system text, the
/// instructions for tools). Tools are printed with indentation: their bytes count twice.
constexpr std::size_t kTokensPerMessage = 16;
constexpr std::size_t kTokensPerPrompt = 128;
constexpr std::size_t kTokensForTools = 512;

/// How many of the oldest messages that are not the system's may go: each time up to the next
/// message of the user, because templates want a conversation to begin with one. Rising from 0.
std::vector<std::size_t> drop_points(const std::vector<Message>& messages) {
  std::vector<std::size_t> points{0};
  std::size_t seen = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (messages[i].role == Role::kSystem) continue;
    const bool last = i + 1 == messages.size();
    if (seen > 0 && (last || messages[i].role == Role::kUser)) points.push_back(seen);
    ++seen;
  }
  return points;
}

[[noreturn]] void refuse_length(int tokens, const Room& room) {
  throw Error(ErrorCode::kBadRequest,
              "the input length exceeds the context length (" + std::to_string(tokens) +
                  " tokens, at most " + std::to_string(room.hard()) + " fit)",
              "shorten it, or ask for a larger num_ctx");
}

}  // namespace

inference::ChatPrompt make_chat_prompt(const ChatTask& task, const Preset& preset) {
  inference::ChatPrompt prompt;
  const bool brings_system = !task.messages.empty() && task.messages.front().role == Role::kSystem;
  if (!preset.system.empty() && !brings_system) {
    prompt.messages.push_back(make_message(Role::kSystem, preset.system));
  }
  prompt.messages.insert(prompt.messages.end(), preset.messages.begin(), preset.messages.end());
  prompt.messages.insert(prompt.messages.end(), task.messages.begin(), task.messages.end());
  prompt.tools = task.tools;
  prompt.tool_choice = task.tool_choice;
  prompt.parallel_tool_calls = task.parallel_tool_calls;
  return prompt;
}

inference::ChatPrompt make_chat_prompt(const GenerateTask& task, const Preset& preset) {
  inference::ChatPrompt prompt;
  const bool begins = task.context.empty();
  const std::string system = task.system.value_or(begins ? preset.system : "");
  if (!system.empty()) prompt.messages.push_back(make_message(Role::kSystem, system));
  if (begins) {
    prompt.messages.insert(prompt.messages.end(), preset.messages.begin(), preset.messages.end());
  }
  Message message;
  for (const auto& image : task.images) inference::add_image(message, image);
  inference::add_text(message, task.prompt);
  prompt.messages.push_back(std::move(message));
  return prompt;
}

inference::TextRequest make_request(const Task& task, const services::ModelOptions& options) {
  inference::TextRequest request;
  request.sampling = options.sampling;
  request.stop = options.stop.value_or(std::vector<std::string>{});
  request.max_tokens = options.num_predict.value_or(-1);
  // To Ollama's clients zero means no limit too.
  if (request.max_tokens == 0) request.max_tokens = -1;
  request.keep_tokens = options.num_keep.value_or(0);
  request.shift_context = task.shift;
  request.thinking = task.thinking;
  request.thinking_tokens = task.thinking_tokens;
  request.schema = task.schema;
  request.want_logprobs = task.want_logprobs;
  request.top_logprobs = task.top_logprobs;
  return request;
}

Room make_room(const Task& task, const inference::TextRequest& request,
               int context_length) noexcept {
  const int eighth = context_length / 8;
  const bool short_reply = request.max_tokens > 0 && request.max_tokens < eighth;
  return {context_length, short_reply ? request.max_tokens : eighth, task.truncate};
}

std::size_t most_tokens(const inference::ChatPrompt& prompt) noexcept {
  std::size_t tokens = kTokensPerPrompt;
  for (const auto& message : prompt.messages) {
    tokens += kTokensPerMessage + message.thinking.size();
    for (const auto& part : message.parts) {
      if (part.kind == inference::Part::Kind::kText) tokens += part.data.size();
    }
    for (const auto& call : message.tool_calls) tokens += call.name.size() + call.arguments.size();
  }
  if (!prompt.tools.empty()) tokens += kTokensForTools;
  for (const auto& tool : prompt.tools) {
    tokens += 2 * (tool.name.size() + tool.description.size() + tool.parameters.size());
  }
  return tokens;
}

std::size_t messages_to_drop(const inference::ChatPrompt& prompt, const Room& room,
                             const CountTokens& count) {
  if (most_tokens(prompt) <= static_cast<std::size_t>(std::max(0, room.soft()))) return 0;
  const int whole = count(prompt);
  if (whole <= room.soft() || (!room.may_truncate && whole <= room.hard())) return 0;
  if (!room.may_truncate) refuse_length(whole, room);

  const auto tokens_without = [&](std::size_t dropped) {
    auto shorter = prompt;
    shorter.messages = drop_oldest(prompt.messages, dropped);
    return count(shorter);
  };
  const auto points = drop_points(prompt.messages);
  const auto first = std::partition_point(points.begin(), points.end(), [&](std::size_t point) {
    return tokens_without(point) > room.soft();
  });
  if (first != points.end()) return *first;
  if (whole <= room.hard()) return 0;
  const int least = tokens_without(points.back());
  if (least > room.hard()) refuse_length(least, room);
  return points.back();
}

std::vector<Message> drop_oldest(const std::vector<Message>& messages, std::size_t count) {
  std::vector<Message> out;
  for (const auto& message : messages) {
    if (message.role != Role::kSystem && count > 0) {
      --count;
    } else {
      out.push_back(message);
    }
  }
  return out;
}

int tokens_to_drop(int tokens, const Room& room) {
  if (tokens <= room.hard()) return 0;
  if (!room.may_truncate || room.soft() <= 0) refuse_length(tokens, room);
  return tokens - room.soft();
}

}  // namespace hailstone::chat
