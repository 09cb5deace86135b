// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// serve, setup, tls, config and version: the service as a whole.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/setup/engine_runtime.hpp"
#include "cli/setup/models.hpp"
#include "cli/setup/tls.hpp"
#include "cli/system/settings.hpp"
#include "cli/verbs/verb.hpp"

namespace hailstone::cli {
namespace {

struct ConfigRequest {
  core::ConfigInput input;
  bool json = false;
  bool local = false;
};

struct Nothing {};

core::Settings load(const Invocation& invocation, const ConfigRequest& request) {
  core::ConfigInput input = request.input;
  input.environment = invocation.environment();
  return core::load_settings(input);
}

void add_setting(CLI::App& app, ConfigRequest& request, const core::Setting& setting) {
  auto& flags = request.input.flags;
  const std::string name(setting.name);
  const std::string flag = core::flag_of(setting);
  if (flag.empty()) return;
  std::string help(setting.help);
  if (!setting.fallback.empty()) help += " [" + std::string(setting.fallback) + "]";
  if (std::holds_alternative<bool core::Settings::*>(setting.target)) {
    // "--people=false" is a value, too: a flag overrides variables and the file both ways.
    const auto keep_truth = [&flags, name](std::int64_t truth) {
      flags[name] = {truth > 0 ? "true" : "false"};
    };
    // Newer versions of the library take any other word for false.
    const std::set<std::string> words = {"true", "false", "1", "0", "yes", "no", "on", "off"};
    app.add_flag_function(flag, std::function<void(std::int64_t)>(keep_truth), help)
        ->check(CLI::IsMember(words, CLI::ignore_case));
    return;
  }
  const auto keep = [&flags, name](const std::vector<std::string>& values) {
    flags[name] = values;
  };
  app.add_option_function(flag, std::function<void(const std::vector<std::string>&)>(keep), help)
      ->type_name(std::string(setting.form))
      ->expected(1, core::is_list(setting) ? CLI::detail::expected_max_vector_size : 1)
      ->allow_extra_args(false);
}

void add_settings(CLI::App& app, ConfigRequest& request) {
  const auto keep_file = [&flags = request.input.flags](const std::vector<std::string>& values) {
    flags["config"] = values;
  };
  app.add_option_function("--config",
                          std::function<void(const std::vector<std::string>&)>(keep_file),
                          "configuration file (TOML)")
      ->type_name("FILE")
      ->expected(1);
  for (const core::Setting& setting : core::setting_table()) add_setting(app, request, setting);
}

void add_config(CLI::App& app, ConfigRequest& request) {
  app.add_flag("--json", request.json, "print JSON");
  app.add_flag("--local", request.local,
               "those that a service started in this shell would have; so do all flags below");
  add_settings(app, request);
}

int serve(Invocation& invocation, const ConfigRequest& request) {
  return invocation.hooks().serve(load(invocation, request));
}

int print_config(Invocation& invocation, const ConfigRequest& request) {
  const Output output = request.json ? Output::kJson : Output::kTable;
  const bool asks_service = !request.local && request.input.flags.empty();
  if (asks_service && print_settings_in_force(invocation.context(), output)) return kOk;
  print_settings(invocation.console(), load(invocation, request), output);
  return kOk;
}

struct SetupVerb {
  SetupRequest request;
  bool models = false;
  bool yes = false;
};

void add_setup(CLI::App& app, SetupVerb& verb) {
  auto& request = verb.request;
  app.add_option("--dir", request.folder, "where to; else where the service looks for it")
      ->type_name("DIR");
  app.add_flag("--renew", request.renew, "make it again, with newer versions where there are some");
  app.add_flag("--check", request.check, "change nothing; look whether it is there and whole");
  app.add_flag("--models", verb.models,
               "instead: fetch the models of the catalogue that fit this machine, by the service");
  app.add_flag("--yes", verb.yes, "with --models: do not ask");
}

int setup(Invocation& invocation, const SetupVerb& verb) {
  const auto& request = verb.request;
  if (verb.models) {
    set_up_models(invocation.context(), verb.yes);
    return kOk;
  }
  std::filesystem::path folder = request.folder;
  if (folder.empty()) {
    core::ConfigInput input;
    input.environment = invocation.environment();
    folder = engine_runtime_folder(core::load_settings(input), input.environment, ::geteuid() == 0);
  }
  invocation.console().out << std::flush;
  make_engine_runtime(request, folder);
}

void add_tls(CLI::App& app, TlsRequest& request) {
  app.add_option("NAME", request.names,
                 "names and addresses of this machine; without any, those that it has");
  app.add_option("--dir", request.folder, "where to; else where the service looks for them")
      ->type_name("DIR");
}

int tls(Invocation& invocation, const TlsRequest& request) {
  make_tls_files(invocation.console(), invocation.environment(), request);
  return kOk;
}

int version(Invocation& invocation, const Nothing&) {
  print_versions(invocation.context());
  return kOk;
}

}  // namespace

Verb make_serve_verb() {
  return {"serve", "run the services in the foreground", with_request(add_settings, serve)};
}

Verb make_setup_verb() {
  return {"setup", "download what runs large models: the engine runtime",
          with_request(add_setup, setup)};
}

Verb make_tls_verb() {
  return {"tls", "make a certificate for HTTPS in the local network", with_request(add_tls, tls)};
}

Verb make_config_verb() {
  return {"config", "settings in force in the running service, and where each comes from",
          with_request(add_config, print_config)};
}

Verb make_version_verb() {
  const auto add_nothing = +[](CLI::App&, Nothing&) {};
  return {"version", "versions of this program and of the service",
          with_request(add_nothing, version)};
}

}  // namespace hailstone::cli
