// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat/chat_loop.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>

#include "base/strings.hpp"
#include "cli/client/request_options.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr std::string_view kQuotes = "\"\"\"";
constexpr std::string_view kSetSystem = "/set system ";

/// Where an opening """ may stand: at the start, or as the value of /set system.
std::size_t find_opening(std::string_view line) {
  const std::size_t at = line.starts_with(kSetSystem) ? kSetSystem.size() : 0;
  return line.substr(at).starts_with(kQuotes) ? at : std::string_view::npos;
}

}  // namespace

std::optional<std::string> InputBlock::add(std::string_view line) {
  if (!open_) {
    const std::size_t opening = find_opening(line);
    if (opening == std::string_view::npos) return std::string(trim(line));
    text_ = line.substr(0, opening);
    open_ = true;
    line.remove_prefix(opening + kQuotes.size());
  }
  const std::size_t closing = line.find(kQuotes);
  if (closing == std::string_view::npos) {
    text_.append(line).append("\n");
    return std::nullopt;
  }
  open_ = false;
  return text_.append(line.substr(0, closing));
}

const ChatLoop::Command ChatLoop::kCommands[] = {
    {"/set", "...", "change how the model answers; /set alone lists what", &ChatLoop::set},
    {"/show", "[PART]", "the model: template, parameters, license, system, modelfile",
     &ChatLoop::show},
    {"/clear", "", "forget what was said", &ChatLoop::clear},
    {"/help", "", "this list", &ChatLoop::help},
    {"/?", "", "this list", &ChatLoop::help},
    {"/bye", "", "leave (also Ctrl-D)", &ChatLoop::bye},
    {"/exit", "", "leave", &ChatLoop::bye},
};

const ChatLoop::Command ChatLoop::kSettings[] = {
    {"system", "TEXT", "what the model is told before everything else", &ChatLoop::set_system},
    {"parameter", "NAME VALUE", "temperature, num_ctx, stop, ...", &ChatLoop::set_parameter},
    {"format", "json", "answers are JSON (or a JSON schema)", &ChatLoop::set_format},
    {"noformat", "", "answers are free text", &ChatLoop::set_noformat},
    {"verbose", "", "show counts and times", &ChatLoop::set_verbose},
    {"quiet", "", "show none", &ChatLoop::set_quiet},
    {"wordwrap", "", "break lines between words", &ChatLoop::set_wordwrap},
    {"nowordwrap", "", "leave lines to the terminal", &ChatLoop::set_nowordwrap},
};

ChatLoop::ChatLoop(Chat& chat, const CommandContext& context, LineSource& lines, Arm arm)
    : chat_(chat), context_(context), lines_(lines), arm_(std::move(arm)) {}

void ChatLoop::run() {
  std::ostream& out = context_.console.out;
  InputBlock block;
  while (!leaving_) {
    const LineRead read = lines_.read(block.is_open() ? "... " : ">>> ");
    if (read.outcome == LineRead::Outcome::kEnd) {
      out << '\n';
      return;
    }
    if (read.outcome == LineRead::Outcome::kInterrupted) {
      out << (block.is_open() ? "\n" : "\nTo leave: /bye or Ctrl-D.\n") << std::flush;
      block = InputBlock();
      continue;
    }
    const auto input = block.add(read.line);
    if (input && !trim(*input).empty()) handle(*input);
  }
}

void ChatLoop::handle(const std::string& input) {
  // The loop is the top of this conversation: what goes wrong in one turn is told, and the next
  // turn begins.
  try {
    const bool is_command = input.starts_with('/');
    if (is_command && !dispatch(std::begin(kCommands), std::end(kCommands), input)) {
      throw Error(ErrorCode::kBadRequest, "unknown command; /help lists them");
    }
    if (!is_command) answer(input);
  } catch (const Error& error) {
    refuse(error);
  }
}

void ChatLoop::answer(const std::string& input) {
  chat_.say(input, RunContext{Deadline::never(), arm_()});
  context_.console.out << '\n';
}

void ChatLoop::refuse(const Error& error) {
  const Console& console = context_.console;
  if (error.code() == ErrorCode::kCancelled) {
    console.out << "\n\n" << std::flush;
    return;
  }
  console.out << std::flush;
  console.err << "error: " << printable(error.what()) << '\n';
  if (!error.detail().empty()) console.err << printable(error.detail()) << '\n';
}

bool ChatLoop::dispatch(const Command* begin, const Command* end, std::string_view text) {
  const std::size_t space = std::min(text.find_first_of(" \t\n"), text.size());
  const auto* found = std::find_if(
      begin, end, [&](const Command& command) { return command.name == text.substr(0, space); });
  if (found == end) return false;
  (this->*found->handler)(trim(text.substr(space)));
  return true;
}

void ChatLoop::help(std::string_view) {
  std::vector<Row> rows;
  for (const Command& command : kCommands) {
    rows.push_back({std::string(command.name) + ' ' + std::string(command.arguments),
                    std::string(command.help)});
  }
  rows.push_back({"\"\"\"", "begins and ends a message of several lines"});
  rows.push_back({"Ctrl-C", "stops a reply"});
  context_.console.out << format_table(rows, 2) << '\n';
}

void ChatLoop::bye(std::string_view) {
  leaving_ = true;
}

void ChatLoop::clear(std::string_view) {
  chat_.clear();
  context_.console.out << "Forgotten.\n";
}

void ChatLoop::show(std::string_view part) {
  constexpr std::pair<std::string_view, ShowPart> kParts[] = {{"", ShowPart::kAll},
                                                              {"info", ShowPart::kAll},
                                                              {"template", ShowPart::kTemplate},
                                                              {"parameters", ShowPart::kParameters},
                                                              {"license", ShowPart::kLicense},
                                                              {"system", ShowPart::kSystem},
                                                              {"modelfile", ShowPart::kModelfile}};
  const auto* found = std::find_if(std::begin(kParts), std::end(kParts),
                                   [&](const auto& one) { return one.first == part; });
  if (found == std::end(kParts)) {
    throw Error(ErrorCode::kBadRequest, "/show knows no '" + std::string(part) + "'",
                "/show [info|template|parameters|license|system|modelfile]");
  }
  show_model(context_, chat_.options().model, found->second);
  if (found->second == ShowPart::kAll) {
    const ChatOptions& options = chat_.options();
    std::vector<Row> rows = {{"system", options.system.empty() ? "-" : options.system}};
    for (const auto& [name, value] : options.parameters.items())
      rows.push_back({name, dump(value)});
    context_.console.out << "  Set in this conversation\n" << format_table(rows, 4) << '\n';
  }
}

void ChatLoop::set(std::string_view text) {
  if (dispatch(std::begin(kSettings), std::end(kSettings), text)) return;
  std::vector<Row> rows;
  for (const Command& setting : kSettings) {
    rows.push_back({"/set " + std::string(setting.name) + ' ' + std::string(setting.arguments),
                    std::string(setting.help)});
  }
  context_.console.out << format_table(rows, 2) << '\n';
}

void ChatLoop::set_system(std::string_view text) {
  chat_.options().system = text;
}

void ChatLoop::set_parameter(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string name(text.substr(0, space));
  Json value = parse_parameter(name, std::string(trim(text.substr(space))));
  Json& parameter = chat_.options().parameters[name];
  if (!parameter.is_array() || !value.is_array()) {
    parameter = std::move(value);
  } else {
    parameter.insert(parameter.end(), value.begin(), value.end());
  }
}

void ChatLoop::set_format(std::string_view text) {
  chat_.options().format = parse_format(std::string(text));
}
void ChatLoop::set_noformat(std::string_view) {
  chat_.options().format = nullptr;
}
void ChatLoop::set_verbose(std::string_view) {
  chat_.options().verbose = true;
}
void ChatLoop::set_quiet(std::string_view) {
  chat_.options().verbose = false;
}
void ChatLoop::set_wordwrap(std::string_view) {
  chat_.options().wrap = true;
}
void ChatLoop::set_nowordwrap(std::string_view) {
  chat_.options().wrap = false;
}

}  // namespace hailstone::cli
