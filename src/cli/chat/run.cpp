// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <istream>
#include <iterator>
#include <ostream>

#include "base/strings.hpp"
#include "cli/chat/chat_loop.hpp"
#include "cli/client/request_options.hpp"
#include "cli/commands.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/line_editor.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

ChatOptions chat_options(const RunRequest& request) {
  ChatOptions options;
  options.model = request.model;
  options.system = request.system;
  options.format = parse_format(request.format);
  options.keep_alive = parse_keep_alive(request.keep_alive);
  options.verbose = request.verbose;
  options.wrap = request.wrap;
  return options;
}

std::filesystem::path history_file(const core::Environment& environment) {
  auto folder = core::find_variable(environment, "HAILSTONE_HOME");
  if (!folder) folder = core::find_user_folder(environment, "XDG_STATE_HOME", ".local/state");
  return std::filesystem::path(folder.value_or("")) / "history";
}

/// What is piped in comes first, as in Ollama: `cat letter | hailstone run MODEL "In one line:"`.
std::string whole_prompt(const Console& console, const std::vector<std::string>& words) {
  std::string prompt;
  if (!console.in_is_terminal || words.empty()) {
    prompt.assign(std::istreambuf_iterator<char>(console.in), {});
  }
  const std::string argument = join(words, " ");
  return std::string(trim(std::string(trim(prompt)) + '\n' + argument));
}

void converse(const CommandContext& context, Chat& chat) {
  Interrupts interrupts;
  chat.load(RunContext{Deadline::never(), interrupts.arm()});
  context.console.out << dimmed(context.console, printable_line(chat.options().model) +
                                                     " · /help for commands, Ctrl-D to leave")
                      << '\n'
                      << std::flush;
  LineEditor editor(history_file(context.environment));
  ChatLoop(chat, context, editor, [&] { return interrupts.arm(); }).run();
}

}  // namespace

void run_model(const CommandContext& context, const RunRequest& request) {
  Chat chat(context.service, context.console, chat_options(request));
  if (request.prompt.empty() && context.console.in_is_terminal && context.console.out_is_terminal) {
    converse(context, chat);
    return;
  }
  const std::string prompt = whole_prompt(context.console, request.prompt);
  if (prompt.empty()) {
    chat.load(RunContext{});
  } else {
    chat.say(prompt, RunContext{});
  }
}

}  // namespace hailstone::cli
