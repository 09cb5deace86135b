// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <memory>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/client/service.hpp"
#include "cli/commands.hpp"
#include "cli/models/library.hpp"
#include "cli/term/text.hpp"
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
  struct Verb {
    const char* name;
    const char* help;
    void (Program::*add)(CLI::App&);
    int (Program::*run)();
  };
  static const Verb kVerbs[];

  int run(std::vector<std::string> arguments);
  void refuse_unknown_verb(const std::vector<std::string>& arguments) const;
  int explain(const CLI::ParseError& error);
  void report(const Error& error, const std::string& hint) const;
  std::string hint_for(const RefusedError& error);

  void add_nothing(CLI::App&) {}
  void add_settings(CLI::App& command);
  void add_run(CLI::App& command);
  void add_json(CLI::App& command);
  void add_model(CLI::App& command);
  void add_show(CLI::App& command);
  void add_catalog(CLI::App& command);
  void add_bench(CLI::App& command);
  void add_transfer(CLI::App& command);
  void add_create(CLI::App& command);
  void add_import(CLI::App& command);
  void add_copy(CLI::App& command);
  void add_remove(CLI::App& command);
  void add_fsck(CLI::App& command);
  void add_config(CLI::App& command);

  int serve() { return hooks_.serve(core::load_settings(config_)); }
  int chat();
  int list();
  int ps();
  int catalog();
  int bench();
  int show();
  int stop();
  int pull() { return transfer(Direction::kPull); }
  int push() { return transfer(Direction::kPush); }
  int transfer(Direction direction);
  int create();
  int import();
  int copy();
  int remove();
  int fsck();
  int config();
  int version();

  CommandContext context() { return {console_, environment_, service()}; }
  Service& service();
  Output output() const { return json_ ? Output::kJson : Output::kTable; }

  const core::Environment& environment_;
  const Console& console_;
  const CliHooks& hooks_;
  CLI::App app_{kDescription, "hailstone"};
  std::unique_ptr<Service> service_;

  core::ConfigInput config_;
  RunRequest request_;
  CatalogRequest catalog_;
  BenchRequest bench_;
  TransferRequest transfer_;
  CreateRequest create_;
  ImportRequest import_;
  std::string model_;
  std::string destination_;
  std::vector<std::string> models_;
  ShowPart part_ = ShowPart::kAll;
  FsckPart fsck_ = FsckPart::kRepair;
  bool json_ = false;
};

const Program::Verb Program::kVerbs[] = {
    {"serve", "run the services in the foreground", &Program::add_settings, &Program::serve},
    {"run", "chat with a model, or answer one prompt", &Program::add_run, &Program::chat},
    {"list", "models that are installed", &Program::add_json, &Program::list},
    {"ps", "models that are loaded", &Program::add_json, &Program::ps},
    {"catalog", "models that can be had", &Program::add_catalog, &Program::catalog},
    {"bench", "measure how fast a model is here", &Program::add_bench, &Program::bench},
    {"show", "what a model is", &Program::add_show, &Program::show},
    {"stop", "unload a model", &Program::add_model, &Program::stop},
    {"pull", "fetch a model", &Program::add_transfer, &Program::pull},
    {"push", "give a model to a registry", &Program::add_transfer, &Program::push},
    {"create", "make a model as a Modelfile says", &Program::add_create, &Program::create},
    {"import", "make a model of a file", &Program::add_import, &Program::import},
    {"cp", "give a model a second name", &Program::add_copy, &Program::copy},
    {"rm", "delete models", &Program::add_remove, &Program::remove},
    {"fsck", "look the models on the disk over, and repair", &Program::add_fsck, &Program::fsck},
    {"config", "settings in force, and where each comes from", &Program::add_config,
     &Program::config},
    {"version", "versions of this program and of the service", &Program::add_nothing,
     &Program::version},
};

Program::Program(const core::Environment& environment, const Console& console,
                 const CliHooks& hooks)
    : environment_(environment), console_(console), hooks_(hooks) {
  config_.environment = environment;
  app_.set_help_flag("-h,--help", "show this text");
  app_.set_version_flag("--version", "hailstone " HAILSTONE_VERSION, "show the version");
  app_.require_subcommand(1);
  for (const Verb& verb : kVerbs) (this->*verb.add)(*app_.add_subcommand(verb.name, verb.help));
  app_.footer(kFooter);  // last, because commands inherit it
}

void Program::add_settings(CLI::App& command) {
  auto& flags = config_.flags;
  const auto keep = [&flags](const std::string& name) {
    return [&flags, name](const std::vector<std::string>& values) { flags[name] = values; };
  };
  command
      .add_option_function("--config", std::function(keep("config")), "configuration file (TOML)")
      ->type_name("FILE")
      ->expected(1);
  for (const core::Setting& setting : core::setting_table()) {
    const std::string name(setting.name);
    const std::string flag = core::flag_of(setting);
    if (flag.empty()) continue;
    std::string help(setting.help);
    if (!setting.fallback.empty()) help += " [" + std::string(setting.fallback) + "]";
    if (std::holds_alternative<bool core::Settings::*>(setting.target)) {
      command.add_flag_callback(
          flag, [&flags, name] { flags[name] = {"true"}; }, help);
    } else {
      command.add_option_function(flag, std::function(keep(name)), help)
          ->type_name(std::string(setting.form))
          ->expected(1, core::is_list(setting) ? CLI::detail::expected_max_vector_size : 1)
          ->allow_extra_args(false);
    }
  }
}

void Program::add_run(CLI::App& command) {
  command.add_option("MODEL", request_.model, "name of the model")->required();
  command.add_option("PROMPT", request_.prompt, "one prompt; without it a conversation begins");
  command.add_option("--system", request_.system, "what the model is told first")
      ->type_name("TEXT");
  command.add_option("--format", request_.format, "'json' or a JSON schema")->type_name("FORMAT");
  command
      .add_option("--keepalive,--keep-alive", request_.keep_alive,
                  "how long the model stays loaded: 5m, 0, -1")
      ->type_name("DURATION");
  command.add_flag("--verbose", request_.verbose, "counts and times after each reply");
  command.add_flag_callback(
      "--nowordwrap", [this] { request_.wrap = false; }, "leave long lines to the terminal");
}

void Program::add_json(CLI::App& command) {
  command.add_flag("--json", json_, "print JSON");
}

void Program::add_model(CLI::App& command) {
  command.add_option("MODEL", model_, "name of the model")->required();
}

void Program::add_show(CLI::App& command) {
  add_model(command);
  constexpr std::pair<const char*, ShowPart> kFlags[] = {
      {"--modelfile", ShowPart::kModelfile},   {"--template", ShowPart::kTemplate},
      {"--parameters", ShowPart::kParameters}, {"--license", ShowPart::kLicense},
      {"--system", ShowPart::kSystem},         {"--json", ShowPart::kJson}};
  auto* parts = command.add_option_group("parts")->require_option(0, 1);
  for (const auto& [flag, part] : kFlags) {
    parts->add_flag_callback(
        flag, [this, chosen = part] { part_ = chosen; }, "print only this");
  }
}

void Program::add_catalog(CLI::App& command) {
  command.add_option("TASK", catalog_.task, "only what does this: chat, detect, transcribe, ...");
  command.add_option("--engine", catalog_.engine, "only what this engine runs")
      ->type_name("ENGINE");
  add_json(command);
}

void Program::add_bench(CLI::App& command) {
  command.add_option("MODEL", bench_.model,
                     "name of the model; without it only what was measured before is shown");
  command.add_option("--engine", bench_.engine, "its variant for this engine")->type_name("ENGINE");
  command.add_option("--runs", bench_.runs, "how often, after the runs that warm it up")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command.add_flag("--all", bench_.all, "every variant that is installed");
  add_json(command);
}

void Program::add_transfer(CLI::App& command) {
  command.add_option("MODEL", transfer_.model, "name of the model")->required();
  command.add_flag("--insecure", transfer_.insecure,
                   "also without encryption, and from whoever answers there");
}

void Program::add_create(CLI::App& command) {
  command.add_option("MODEL", create_.model, "name of the new model")->required();
  command.add_option("-f,--file", create_.file, "what it is made of; '-': from the standard input")
      ->capture_default_str()
      ->type_name("MODELFILE");
  command
      .add_option("-q,--quantize", create_.quantize,
                  "fewer bits for its weights: Q8_0, Q4_K_M, ...")
      ->type_name("TYPE");
}

void Program::add_import(CLI::App& command) {
  command.add_option("FILE", import_.file, "GGUF, ONNX, HEF, or ggml for Whisper")->required();
  command.add_option("--name", import_.name, "name of the new model")->type_name("MODEL");
  command.add_option("--task", import_.task, "what it is for, where the file does not say it")
      ->type_name("TASK");
  command.add_option("--engine", import_.engine, "what runs it, instead of the format's usual one")
      ->type_name("ENGINE");
}

void Program::add_copy(CLI::App& command) {
  command.add_option("SOURCE", model_, "name of the model")->required();
  command.add_option("DESTINATION", destination_, "its second name")->required();
}

void Program::add_remove(CLI::App& command) {
  command.add_option("MODEL", models_, "names of the models")->required();
}

void Program::add_fsck(CLI::App& command) {
  command.add_flag_callback(
      "-n,--dry-run", [this] { fsck_ = FsckPart::kReport; }, "only say what is wrong");
}

void Program::add_config(CLI::App& command) {
  add_json(command);
  add_settings(command);
}

int Program::chat() {
  run_model(context(), request_);
  return kOk;
}

int Program::list() {
  list_models(context(), output());
  return kOk;
}

int Program::ps() {
  list_loaded(context(), output());
  return kOk;
}

int Program::catalog() {
  list_catalog(context(), catalog_, output());
  return kOk;
}

int Program::bench() {
  bench_model(context(), bench_, output());
  return kOk;
}

int Program::show() {
  show_model(context(), model_, part_);
  return kOk;
}

int Program::stop() {
  stop_model(context(), model_);
  return kOk;
}

int Program::transfer(Direction direction) {
  transfer_model(context(), direction, transfer_);
  return kOk;
}

int Program::create() {
  create_model(context(), create_);
  return kOk;
}

int Program::import() {
  import_file(context(), import_);
  return kOk;
}

int Program::copy() {
  copy_model(context(), model_, destination_);
  return kOk;
}

int Program::remove() {
  remove_models(context(), models_);
  return kOk;
}

int Program::fsck() {
  return check_store(context(), fsck_) ? kOk : kFailed;
}

int Program::config() {
  print_settings(console_, core::load_settings(config_), output());
  return kOk;
}

int Program::version() {
  print_versions(context());
  return kOk;
}

Service& Program::service() {
  if (!service_) {
    const auto key = core::find_variable(environment_, "HAILSTONE_API_KEY");
    service_ = std::make_unique<Service>(
        service_endpoint(environment_), split(key.value_or(""), ',').front(),
        [this](std::chrono::seconds wait, const std::string& why) {
          if (console_.err_is_terminal) console_.err << "\r\x1b[K";  // where a spinner may turn
          console_.err << "hailstone: " << printable_line(why) << " (trying again in "
                       << wait.count() << " s)\n";
        });
  }
  return *service_;
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
  const auto* verb = std::find_if(std::begin(kVerbs), std::end(kVerbs),
                                  [&](const Verb& one) { return chosen == one.name; });
  return (this->*verb->run)();
}

void Program::refuse_unknown_verb(const std::vector<std::string>& arguments) const {
  if (arguments.empty() || arguments.front().starts_with('-')) return;
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
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
  if (error.status() != 404 || !error.detail().empty()) return {};
  const auto names = model_names(service());
  return names.empty() ? "No model is installed.\n"
                       : printable("Models that are there: " + join(names, ", ") + '\n');
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
    report(error, {});
    console_.err << hint_for(error);
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
