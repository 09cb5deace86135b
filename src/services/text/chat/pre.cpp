// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/pre.hpp"

#include <utility>

namespace hailstone::chat {
namespace {

using inference::make_message;
using inference::Message;
using inference::Role;

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

}  // namespace hailstone::chat
