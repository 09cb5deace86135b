// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/engines.hpp"

#include "engines/fake/engine.hpp"
#include "engines/llama/engine.hpp"
#include "hosting/hosted_engine.hpp"

namespace hailstone::app {
namespace fs = std::filesystem;
namespace {

std::unique_ptr<inference::Engine> make_llama(const core::Settings& settings, const fs::path& run) {
  engines::llama::LlamaOptions options;
  options.runtime_dirs = {settings.engine_runtime, "/usr/lib/hailstone/engine-runtime"};
  options.run_dir = run;
  options.threads = settings.threads;
  return engines::llama::make_llama_engine(options);
}

std::unique_ptr<inference::Engine> make_hosted_fake(const fs::path& bin) {
  hosting::HostCommand command;
  command.argv = {bin / "hailstone-host-fake", "fake-hosted"};
  command.environment = hosting::host_environment();
  return std::make_unique<hosting::HostedEngine>("fake-hosted", command);
}

}  // namespace

std::vector<std::unique_ptr<inference::Engine>> make_engines(const core::Settings& settings,
                                                             const fs::path& bin,
                                                             const fs::path& run) {
  std::vector<std::unique_ptr<inference::Engine>> engines;
  engines.push_back(make_llama(settings, run));
  // The scripted engine is a part of the product: demos, bug reports and our own tests use it.
  engines.push_back(engines::fake::make_fake_engine("fake"));
  engines.push_back(make_hosted_fake(bin));
  return engines;
}

}  // namespace hailstone::app
