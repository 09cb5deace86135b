// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The commands that ask the service something and print the answer. All throw what Service throws.

#include <string>
#include <vector>

#include "cli/client/service.hpp"
#include "cli/term/console.hpp"
#include "core/config/settings.hpp"

namespace hailstone::cli {

/// What the commands work with; references outlive the command.
struct CommandContext {
  const Console& console;
  const core::Environment& environment;
  Service& service;
};

enum class Output { kTable, kJson };

void list_models(const CommandContext& context, Output output);
void list_loaded(const CommandContext& context, Output output);

/// Empty: all.
struct CatalogRequest {
  std::string task;
  std::string engine;
};
/// Problems of the catalogue's files are warnings. Also throws Error(kBadRequest).
void list_catalog(const CommandContext& context, const CatalogRequest& request, Output output);

struct BenchRequest {
  std::string model;   ///< empty: only print what was measured before
  std::string engine;  ///< of the variant; empty: whichever the name takes
  int runs = 0;        ///< zero: the service decides
  bool all = false;    ///< every variant that is installed
};
/// A table on a terminal, JSON in a pipe. Ctrl-C ends it with Error(kCancelled).
void bench_model(const CommandContext& context, const BenchRequest& request, Output output);

void stop_model(const CommandContext& context, const std::string& model);
/// A service that cannot be reached is a warning.
void print_versions(const CommandContext& context);
void print_settings(const Console& console, const core::Settings& settings, Output output);

enum class ShowPart { kAll, kModelfile, kTemplate, kParameters, kLicense, kSystem, kJson };
void show_model(const CommandContext& context, const std::string& model, ShowPart part);

struct RunRequest {
  std::string model;
  std::vector<std::string> prompt;  ///< words; empty: a conversation, or the prompt from a pipe
  std::string system;
  std::string format;      ///< "json" or a JSON schema
  std::string keep_alive;  ///< empty: the service decides
  bool verbose = false;
  bool wrap = true;
};
void run_model(const CommandContext& context, const RunRequest& request);

/// The names of all models, for messages; empty if the service does not tell.
std::vector<std::string> model_names(Service& service);

}  // namespace hailstone::cli
