// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/conversation.hpp"

#include <algorithm>
#include <utility>

#include "base/ids.hpp"

namespace hailstone::engines::fake {
namespace {

using inference::ChatPrompt;
using inference::InfillPrompt;
using inference::Message;
using inference::Part;
using inference::RawPrompt;
using inference::Role;
using inference::ToolCall;
using inference::ToolChoice;

std::string_view name_of(Role role) noexcept {
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

std::string render(const Message& message) {
  std::string text;
  for (const auto& part : message.parts) {
    if (part.kind == Part::Kind::kText) {
      text += part.data;
      continue;
    }
    text.append(part.kind == Part::Kind::kImage ? "[image of " : "[sound of ")
        .append(std::to_string(part.data.size()))
        .append(" bytes]");
  }
  return text;
}

std::string last_user_message(const ChatPrompt& prompt) {
  for (auto message = prompt.messages.rbegin(); message != prompt.messages.rend(); ++message) {
    if (message->role == Role::kUser) return render(*message);
  }
  return {};
}

/// The same in a text that render() made; any other text is a message as a whole.
std::string last_user_message(const std::string& text) {
  constexpr std::string_view kUser = "<|user|> ";
  constexpr std::string_view kEnd = "\n<|assistant|>";
  const auto begin = text.rfind(kUser);
  const auto end = text.rfind(kEnd);
  const bool is_rendered =
      begin != std::string::npos && end != std::string::npos && end + kEnd.size() == text.size();
  if (!is_rendered || end < begin) return text;
  return text.substr(begin + kUser.size(), end - begin - kUser.size());
}

/// "NAME {json}" as a script and a message have it.
ToolCall parse_call(std::string_view text) {
  const auto space = text.find(' ');
  const std::string name(text.substr(0, space));
  const std::string arguments(space == text.npos ? std::string_view() : text.substr(space + 1));
  return {make_id("call_"), name, arguments.empty() ? "{}" : arguments};
}

/// What the model would call if it were free to. A tool's result is answered, not called for again.
std::vector<ToolCall> wanted_calls(const Script& script, const ChatPrompt& prompt) {
  std::vector<ToolCall> calls;
  if (prompt.messages.empty() || prompt.messages.back().role != Role::kUser) return calls;
  for (const auto& call : script.calls) calls.push_back(parse_call(call));
  const std::string message = last_user_message(prompt);
  constexpr std::string_view kCall = "call:";
  if (message.starts_with(kCall)) {
    calls.push_back(parse_call(std::string_view(message).substr(kCall.size())));
  }
  return calls;
}

}  // namespace

std::string render(const ChatPrompt& prompt) {
  std::string text;
  for (const auto& message : prompt.messages) {
    text.append("<|").append(name_of(message.role)).append("|> ");
    text.append(render(message)).append("\n");
  }
  return text + "<|assistant|>";
}

Understood understand(const inference::Prompt& prompt, const Vocabulary& vocabulary) {
  if (const auto* chat = std::get_if<ChatPrompt>(&prompt)) {
    return {split_words(render(*chat)), last_user_message(*chat)};
  }
  if (const auto* infill = std::get_if<InfillPrompt>(&prompt)) {
    return {split_words(infill->prefix + infill->suffix), infill->prefix};
  }
  const auto& raw = std::get<RawPrompt>(prompt);
  std::vector<std::string> words;
  for (const auto token : raw.prefix) words.push_back(vocabulary.text_of({token}));
  for (auto& word : split_words(raw.text)) words.push_back(std::move(word));
  return {std::move(words), last_user_message(raw.text)};
}

std::vector<ToolCall> choose_calls(const Script& script, const inference::Prompt& prompt) {
  const auto* chat = std::get_if<ChatPrompt>(&prompt);
  if (chat == nullptr || chat->tools.empty()) return {};
  const ToolChoice& choice = chat->tool_choice;
  if (choice.mode == ToolChoice::Mode::kNone) return {};
  const bool named = choice.mode == ToolChoice::Mode::kNamed;
  auto calls = wanted_calls(script, *chat);
  std::erase_if(calls, [&](const ToolCall& call) {
    return (named && call.name != choice.name) ||
           std::none_of(chat->tools.begin(), chat->tools.end(),
                        [&](const auto& tool) { return tool.name == call.name; });
  });
  if (calls.empty() && choice.mode != ToolChoice::Mode::kAuto) {
    calls.push_back(parse_call(named ? choice.name : chat->tools.front().name));
  }
  if (!chat->parallel_tool_calls && calls.size() > 1) calls.resize(1);
  return calls;
}

}  // namespace hailstone::engines::fake
