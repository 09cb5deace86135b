// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"
#include "app/signals.hpp"
#include "cli/cli.hpp"

int main(int argc, char** argv) {
  hailstone::cli::CliHooks hooks;
  hooks.serve = [](const hailstone::core::Settings& settings) {
    hailstone::app::block_signals();
    return hailstone::app::serve(settings);
  };
  return hailstone::cli::run_cli(argc, argv, hooks);
}
