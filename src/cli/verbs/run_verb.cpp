// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/verbs/verb.hpp"

namespace hailstone::cli {
namespace {

void add_run(CLI::App& app, RunRequest& request) {
  app.add_option("MODEL", request.model, "name of the model")->required();
  app.add_option("PROMPT", request.prompt, "one prompt; without it a conversation begins");
  app.add_option("--system", request.system, "what the model is told first")->type_name("TEXT");
  app.add_option("--format", request.format, "'json' or a JSON schema")->type_name("FORMAT");
  app.add_option("--keepalive,--keep-alive", request.keep_alive,
                 "how long the model stays loaded: 5m, 0, -1")
      ->type_name("DURATION");
  app.add_flag("--verbose", request.verbose, "counts and times after each reply");
  app.add_flag_callback(
      "--nowordwrap", [&request] { request.wrap = false; }, "leave long lines to the terminal");
}

int run(Invocation& invocation, const RunRequest& request) {
  run_model(invocation.context(), request);
  return kOk;
}

}  // namespace

Verb make_run_verb() {
  return {"run", "chat with a model, or answer one prompt", with_request(add_run, run)};
}

}  // namespace hailstone::cli
