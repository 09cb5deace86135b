// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A verb of the command line: its name, its options, and what it does.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/verbs/invocation.hpp"

namespace CLI {
class App;
}

namespace hailstone::cli {

/// Does what the options say, which were read before; gives the exit code. Throws Error.
using Command = std::function<int(Invocation&)>;

struct Verb {
  std::string name;
  std::string help;
  /// Adds the options to the verb's own part of the command line.
  std::function<Command(CLI::App&)> add;
};

/// For a verb whose options fill a Request.
template <typename Request>
auto with_request(void (*add_options)(CLI::App&, Request&),
                  int (*run)(Invocation&, const Request&)) {
  return [add_options, run](CLI::App& app) -> Command {
    // Shared because a std::function is copied; the options write into it before it runs.
    auto request = std::make_shared<Request>();
    add_options(app, *request);
    return [request, run](Invocation& invocation) { return run(invocation, *request); };
  };
}

/// All verbs, in the order in which help lists them.
std::vector<Verb> make_verbs();

Verb make_serve_verb();
Verb make_run_verb();
std::vector<Verb> make_vision_verbs();
std::vector<Verb> make_speech_verbs();
std::vector<Verb> make_model_verbs();
std::vector<Verb> make_job_verbs();
std::vector<Verb> make_system_verbs();
Verb make_worker_verb();
Verb make_setup_verb();
Verb make_tls_verb();
Verb make_config_verb();
Verb make_version_verb();

}  // namespace hailstone::cli
