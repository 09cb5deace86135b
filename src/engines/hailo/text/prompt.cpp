// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/prompt.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/hailo/text/wire_prompt.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::ChatPrompt;
using inference::Message;
using inference::Role;
using inference::Thinking;
using inference::ToolChoice;
using inference::ToolSpec;

constexpr std::string_view kThinkEnd = "</think>";
constexpr std::string_view kNoThoughts = "<think>\n\n</think>\n\n";

bool has(std::string_view text, std::string_view word) noexcept {
  return text.find(word) != std::string_view::npos;
}

/// The literal behind the mark of a system's turn, where the template has one.
std::string find_default_system(std::string_view jinja) {
  for (const std::string_view mark : {"<|im_start|>system\\n", "<|im_start|>system\n"}) {
    for (auto at = jinja.find(mark); at != std::string_view::npos; at = jinja.find(mark, at + 1)) {
      const auto begin = at + mark.size();
      const auto end = jinja.find_first_of("<'\"{\\", begin);
      if (end != std::string_view::npos && end > begin) {
        return std::string(jinja.substr(begin, end - begin));
      }
    }
  }
  return {};
}

std::string text_for(const Message& message) {
  for (const auto& part : message.parts) {
    if (part.kind == inference::Part::Kind::kText) continue;
    throw Error(ErrorCode::kUnsupported, "this model takes text alone",
                "a vision-language model sees pictures");
  }
  return inference::text_of(message);
}

/// Without the thoughts of earlier turns, as these models were trained.
std::string said(const Message& message) {
  const std::string text = text_for(message);
  const auto end = text.find(kThinkEnd);
  if (end == std::string::npos) return text;
  return std::string(trim(std::string_view(text).substr(end + kThinkEnd.size())));
}

std::vector<ToolSpec> tools_of(const ChatPrompt& prompt) {
  if (prompt.tool_choice.mode == ToolChoice::Mode::kNone) return {};
  if (prompt.tool_choice.mode != ToolChoice::Mode::kNamed) return prompt.tools;
  for (const auto& tool : prompt.tools) {
    if (tool.name == prompt.tool_choice.name) return {tool};
  }
  throw Error(ErrorCode::kBadRequest,
              "tool_choice names '" + prompt.tool_choice.name + "', which is none of the tools");
}

bool is_forced(const ChatPrompt& prompt) noexcept {
  return prompt.tool_choice.mode == ToolChoice::Mode::kRequired ||
         prompt.tool_choice.mode == ToolChoice::Mode::kNamed;
}

/// As Qwen was trained with: the tools in one tag, each call in another.
std::string chatml_tools(const std::vector<ToolSpec>& tools) {
  std::string text =
      "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are "
      "provided with function signatures within <tools></tools> XML tags:\n<tools>";
  for (const auto& tool : tools) text += "\n" + write_tool(tool);
  return text +
         "\n</tools>\n\nFor each function call, return a json object with function name and "
         "arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": "
         "<function-name>, \"arguments\": <args-json-object>}\n</tool_call>";
}

std::string chatml_turn(std::string_view role, const std::string& content) {
  return "<|im_start|>" + std::string(role) + "\n" + content + "<|im_end|>\n";
}

std::string chatml_message(const Message& message) {
  if (message.role == Role::kSystem) return chatml_turn("system", text_for(message));
  if (message.role == Role::kTool) {
    return chatml_turn("user", "<tool_response>\n" + text_for(message) + "\n</tool_response>");
  }
  if (message.role == Role::kUser) return chatml_turn("user", text_for(message));
  std::string content = said(message);
  for (const auto& call : message.tool_calls) {
    content +=
        (content.empty() ? "" : "\n") + ("<tool_call>\n" + write_call(call)) + "\n</tool_call>";
  }
  return chatml_turn("assistant", content);
}

WrittenPrompt write_chatml(const PromptStyle& style, const ChatPrompt& prompt, Thinking thinking) {
  WrittenPrompt written;
  const auto tools = tools_of(prompt);
  auto next = prompt.messages.begin();
  std::string system = style.default_system;
  if (next != prompt.messages.end() && next->role == Role::kSystem) system = text_for(*next++);
  if (!tools.empty()) system += (system.empty() ? "" : "\n\n") + chatml_tools(tools);
  if (!system.empty()) written.text += chatml_turn("system", system);
  for (; next != prompt.messages.end(); ++next) written.text += chatml_message(*next);
  written.text += "<|im_start|>assistant\n";
  const bool calls = is_forced(prompt) && !tools.empty();
  if (style.thinks && (thinking == Thinking::kOff || calls)) written.text += kNoThoughts;
  if (calls) {
    written.begun = "<tool_call>\n";
    if (tools.size() == 1)
      written.begun += "{\"name\": \"" + tools.front().name + "\", \"arguments\": ";
    written.text += written.begun;
  }
  return written;
}

std::string llama_turn(std::string_view role, const std::string& content) {
  return "<|start_header_id|>" + std::string(role) + "<|end_header_id|>\n\n" + content +
         "<|eot_id|>";
}

std::string llama_tools(const std::vector<ToolSpec>& tools) {
  std::string text =
      "Given the following functions, please respond with a JSON for a function call with its "
      "proper arguments that best answers the given prompt.\n\nRespond in the format {\"name\": "
      "function name, \"parameters\": dictionary of argument name and its value}. Do not use "
      "variables.\n\n";
  for (const auto& tool : tools) text += write_tool(tool) + "\n\n";
  return text;
}

WrittenPrompt write_llama(const ChatPrompt& prompt) {
  WrittenPrompt written{"<|begin_of_text|>", {}};
  const auto tools = tools_of(prompt);
  bool has_told = tools.empty();
  for (const auto& message : prompt.messages) {
    if (message.role == Role::kSystem) written.text += llama_turn("system", text_for(message));
    if (message.role == Role::kTool) written.text += llama_turn("ipython", text_for(message));
    if (message.role == Role::kUser) {
      const std::string told = has_told ? "" : llama_tools(tools);
      has_told = true;
      written.text += llama_turn("user", told + text_for(message));
    }
    if (message.role != Role::kAssistant) continue;
    const std::string calls = message.tool_calls.empty()
                                  ? std::string()
                                  : write_call(message.tool_calls.front(), "parameters");
    written.text += llama_turn("assistant", said(message) + calls);
  }
  written.text += "<|start_header_id|>assistant<|end_header_id|>\n\n";
  if (is_forced(prompt) && !tools.empty()) {
    written.begun =
        "{\"name\": \"" + (tools.size() == 1 ? tools.front().name + "\", \"parameters\": " : "");
    written.text += written.begun;
  }
  return written;
}

WrittenPrompt write_deepseek(const ChatPrompt& prompt, Thinking thinking) {
  WrittenPrompt written{"<｜begin▁of▁sentence｜>", {}};
  for (const auto& message : prompt.messages) {
    const std::string text = said(message);
    if (message.role == Role::kSystem) written.text += text;
    if (message.role == Role::kUser || message.role == Role::kTool) {
      written.text += "<｜User｜>" + text;
    }
    if (message.role == Role::kAssistant) {
      written.text += "<｜Assistant｜>" + text + "<｜end▁of▁sentence｜>";
    }
  }
  written.text += "<｜Assistant｜>";
  if (thinking == Thinking::kOff) {
    written.text += kNoThoughts;
  } else {
    written.begun = "<think>\n";
    written.text += written.begun;
  }
  return written;
}

}  // namespace

PromptStyle read_style(std::string_view jinja) {
  PromptStyle style;
  style.thinks = has(jinja, kThinkEnd);
  if (has(jinja, "<|im_start|>")) {
    style.form = PromptForm::kChatMl;
    style.default_system = find_default_system(jinja);
  } else if (has(jinja, "<|start_header_id|>")) {
    style.form = PromptForm::kLlama3;
  } else if (has(jinja, "<｜Assistant｜>")) {
    style.form = PromptForm::kDeepSeek;
    style.thinks = true;
  }
  return style;
}

WrittenPrompt write_prompt(const PromptStyle& style, const ChatPrompt& prompt, Thinking thinking) {
  switch (style.form) {
    case PromptForm::kChatMl:
      return write_chatml(style, prompt, thinking);
    case PromptForm::kLlama3:
      return write_llama(prompt);
    case PromptForm::kDeepSeek:
      if (tools_of(prompt).empty()) return write_deepseek(prompt, thinking);
      throw Error(ErrorCode::kUnsupported, "this model was not trained to call tools",
                  "qwen2.5 and qwen3 were");
    case PromptForm::kForeign:
      break;
  }
  throw Error(ErrorCode::kUnsupported, "nobody here knows how this model's prompts are written");
}

}  // namespace hailstone::engines::hailo
