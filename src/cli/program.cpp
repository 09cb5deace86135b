// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/term/text.hpp"
#include "cli/verbs/verb.hpp"
#include "core/config/nearest.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kDescription =
    "Hailstone: AI services for a small machine. `hailstone serve` runs them; every other command\n"
    "talks to a running service, at HAILSTONE_HOST or OLLAMA_HOST (default 127.0.0.1:11434).";

constexpr const char* kFooter =
    "`hailstone help COMMAND` tells more.\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 no service there, 130 interrupted.";

int exit_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBadRequest:
      return kUsage;
    case ErrorCode::kCancelled:
      return kInterrupted;
    default:
      return kFailed;
  }
}

/// The arguments, read; and the commands that work with them.
class Program {
 public:
  Program(const core::Environment& environment, const Console& console, const CliHooks& hooks);

  /// Gives the exit code. The top of the command line: every Error ends here as a message.
  int run_and_report(const std::vector<std::string>& arguments);

 private:
  int run(std::vector<std::string> arguments);
  void refuse_unknown_verb(const std::vector<std::string>& arguments) const;
  int explain(const CLI::ParseError& error);
  void report(const Error& error, const std::string& hint) const;
  std::string hint_for(const RefusedError& error);

  Invocation invocation_;
  const Console& console_;
  CLI::App app_{kDescription, "hailstone"};
  std::vector<std::pair<std::string, Command>> commands_;  ///< by verb; what app_ writes into
};

Program::Program(const core::Environment& environment, const Console& console,
                 const CliHooks& hooks)
    : invocation_(environment, console, hooks), console_(console) {
  app_.set_help_flag("-h,--help", "show this text");
  app_.set_version_flag("--version", "hailstone " HAILSTONE_VERSION, "show the version");
  app_.require_subcommand(1);
  for (const Verb& verb : make_verbs()) {
    commands_.emplace_back(verb.name, verb.add(*app_.add_subcommand(verb.name, verb.help)));
  }
  app_.footer(kFooter);  // last, because commands inherit it
}

int Program::run(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments.front() == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  refuse_unknown_verb(arguments);
  // CLI11 wants the arguments from the last to the first.
  std::reverse(arguments.begin(), arguments.end());
  app_.parse(std::move(arguments));
  const std::string chosen = app_.get_subcommands().front()->get_name();
  const auto command = std::find_if(commands_.begin(), commands_.end(),
                                    [&](const auto& one) { return chosen == one.first; });
  return command->second(invocation_);
}

void Program::refuse_unknown_verb(const std::vector<std::string>& arguments) const {
  if (arguments.empty() || arguments.front().starts_with('-')) return;
  std::vector<std::string> names;
  for (const auto& [name, command] : commands_) names.push_back(name);
  const std::string& word = arguments.front();
  if (std::find(names.begin(), names.end(), word) != names.end()) return;
  const auto nearest = core::find_nearest(word, names);
  throw Error(
      ErrorCode::kBadRequest, "no command '" + word + "'",
      nearest ? "Did you mean `hailstone " + *nearest + "`?" : "Commands: " + join(names, ", "));
}

int Program::explain(const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    return app_.exit(error, console_.out, console_.err);
  }
  console_.err << "hailstone: " << printable(error.what()) << '\n'
               << "`hailstone help` and `hailstone help COMMAND` show what works.\n";
  return kUsage;
}

void Program::report(const Error& error, const std::string& hint) const {
  console_.out << std::flush;
  console_.err << "hailstone: " << printable(error.what()) << '\n';
  for (const std::string& line : {error.detail(), hint}) {
    if (!line.empty()) console_.err << printable(line) << '\n';
  }
}

std::string Program::hint_for(const RefusedError& error) {
  // Routes can be missing, too.
  const bool is_model = std::string_view(error.what()).starts_with("model ");
  if (error.status() != 404 || !is_model) return {};
  constexpr std::size_t kMost = 3;
  const auto names = model_names(invocation_.service());
  if (names.empty()) return "No model is installed; `hailstone catalog` shows which can be had.\n";
  const std::string_view what = error.what();
  const auto begin = std::min(what.find('\''), what.size() - 1) + 1;
  const std::string_view word = what.substr(begin, what.find('\'', begin) - begin);
  const auto nearest = core::nearest_of(word, names, kMost);
  const bool all = nearest.size() == names.size();
  return printable((all ? "Models that are there: " : "Nearest of those that are there: ") +
                   join(nearest, ", ") + (all ? "\n" : "; `hailstone list` shows all\n"));
}

int Program::run_and_report(const std::vector<std::string>& arguments) {
  try {
    if (arguments.empty()) {
      console_.err << app_.help();
      return kUsage;
    }
    const int code = run(arguments);
    if (console_.out.flush()) return code;
    console_.err << "hailstone: the output cannot be written\n";
    return kFailed;
  } catch (const CLI::ParseError& error) {
    return explain(error);
  } catch (const RefusedError& error) {
    const std::string hint = hint_for(error);
    // Instead of all the names that the service knows.
    report(hint.empty() ? Error(error) : Error(error.code(), error.what()), {});
    console_.err << hint;
    return kFailed;
  } catch (const net::ConnectionError& error) {
    const bool absent = error.kind() == net::ConnectionError::Kind::kCannotConnect;
    report(error, absent ? "Start the service with `hailstone serve`, or name another address in "
                           "HAILSTONE_HOST or OLLAMA_HOST."
                         : "");
    return absent ? kUnreachable : kFailed;
  } catch (const Error& error) {
    // Whoever pressed Ctrl-C knows why it ended.
    if (error.code() != ErrorCode::kCancelled) report(error, {});
    return exit_code(error.code());
  }
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const core::Environment& environment,
                const Console& console, const CliHooks& hooks) {
  try {
    return Program(environment, console, hooks).run_and_report(arguments);
  } catch (const std::exception& error) {
    console.err << "hailstone: " << printable(error.what()) << '\n';
    return kFailed;
  }
}

int run_cli(int argc, const char* const* argv, const CliHooks& hooks) {
  const core::Environment environment = core::process_environment();
  const auto terminal = core::find_variable(environment, "TERM");
  const bool plain =
      core::find_variable(environment, "NO_COLOR") || !terminal || *terminal == "dumb";
  return run_program({argv + std::min(argc, 1), argv + argc}, environment, process_console(plain),
                     hooks);
}

}  // namespace hailstone::cli
