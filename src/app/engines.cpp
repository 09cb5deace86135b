// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/engines.hpp"

#include <cstdlib>
#include <utility>

#include "engines/fake/engine.hpp"
#include "engines/llama/engine.hpp"
#include "hosting/hosted_engine.hpp"
#include "os/engine_runtime.hpp"

namespace hailstone::app {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> engine_runtimes(const core::Settings& settings) {
  return {settings.engine_runtime, "/usr/lib/hailstone/engine-runtime"};
}

std::unique_ptr<inference::Engine> make_llama(const core::Settings& settings, const fs::path& run) {
  engines::llama::LlamaOptions options;
  options.runtime_dirs = engine_runtimes(settings);
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

/// Its library is in the engine runtime, where that was made; else it is the system's.
std::unique_ptr<inference::Engine> make_onnx(const core::Settings& settings, const fs::path& bin) {
  const fs::path host = bin / "hailstone-host-onnx";
  hosting::HostCommand command;
  command.argv = {host};
  for (const fs::path& root : engine_runtimes(settings)) {
    if (const auto tree = os::find_engine_runtime(fs::absolute(root))) {
      command.argv = tree->command(host);
      break;
    }
  }
  command.argv.push_back(std::to_string(settings.threads));
  if (!fs::exists(host)) {
    command.missing =
        "this program was built without ONNX Runtime; `tools/engine-runtime make` downloads it, "
        "then "
        "./run builds the engine";
  }
  command.environment = hosting::host_environment();
  return std::make_unique<hosting::HostedEngine>("onnx", command);
}

/// Nothing where the program was built without the engine's libraries.
std::unique_ptr<inference::Engine> find_hosted(const std::string& name, const fs::path& bin,
                                               const std::vector<std::string>& environment = {}) {
  const fs::path host = bin / ("hailstone-host-" + name);
  std::error_code ignored;
  if (!fs::exists(host, ignored)) return nullptr;
  hosting::HostCommand command{{host}, hosting::host_environment()};
  command.environment.insert(command.environment.end(), environment.begin(), environment.end());
  return std::make_unique<hosting::HostedEngine>(name, command);
}

std::unique_ptr<inference::Engine> find_tesseract(const fs::path& bin) {
  // With more threads it spins: on two busy cores the same page took 30 s instead of 0.7 s.
  std::vector<std::string> environment = {"OMP_THREAD_LIMIT=1"};
  if (const char* data = std::getenv("TESSDATA_PREFIX")) {
    environment.push_back("TESSDATA_PREFIX=" + std::string(data));
  }
  return find_hosted("tesseract", bin, environment);
}

}  // namespace

std::vector<std::unique_ptr<inference::Engine>> make_engines(const core::Settings& settings,
                                                             const fs::path& bin,
                                                             const fs::path& run) {
  std::vector<std::unique_ptr<inference::Engine>> engines;
  engines.push_back(make_llama(settings, run));
  engines.push_back(make_onnx(settings, bin));
  // The scripted engine is a part of the product: demos, bug reports and our own tests use it.
  engines.push_back(engines::fake::make_fake_engine("fake"));
  engines.push_back(make_hosted_fake(bin));
  if (auto opencv = find_hosted("opencv", bin)) engines.push_back(std::move(opencv));
  if (auto tesseract = find_tesseract(bin)) engines.push_back(std::move(tesseract));
  return engines;
}

}  // namespace hailstone::app
