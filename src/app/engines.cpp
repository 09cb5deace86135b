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

/// Before health checks call a run stuck, and systemd starts the daemon anew, the engine is killed,
/// which costs only its own requests.
std::chrono::nanoseconds engine_stall_limit(const core::Settings& settings) {
  return settings.stall_timeout / 3 * 2;
}

/// Of that time a llama-server may do nothing at all only for a small part.
constexpr int kIdlePart = 10;

hosting::HostOptions host_options(const core::Settings& settings) {
  hosting::HostOptions options;
  options.stall_limit = engine_stall_limit(settings);
  return options;
}

std::unique_ptr<inference::Engine> make_llama(const core::Settings& settings, const fs::path& run) {
  engines::llama::LlamaOptions options;
  options.runtime_dirs = engine_runtimes(settings);
  options.run_dir = run;
  options.threads = settings.threads;
  options.stall.silent = engine_stall_limit(settings);
  options.stall.idle = options.stall.silent / kIdlePart;
  return engines::llama::make_llama_engine(options);
}

std::unique_ptr<inference::Engine> make_hosted_fake(const core::Settings& settings,
                                                    const fs::path& bin) {
  hosting::HostCommand command;
  command.argv = {bin / "hailstone-host-fake", "fake-hosted"};
  command.environment = hosting::host_environment();
  return std::make_unique<hosting::HostedEngine>(
      "fake-hosted", command, hosting::HostScope::kPerModel, host_options(settings));
}

/// Its library is in the engine runtime, where that was made; else it is the system's.
std::unique_ptr<inference::Engine> make_onnx(const core::Settings& settings, const fs::path& bin) {
  const fs::path host = bin / "hailstone-host-onnx";
  hosting::HostCommand command;
  command.argv = {host};
  for (const fs::path& root : engine_runtimes(settings)) {
    if (const auto tree = os::find_engine_runtime(fs::absolute(root))) {
      command.argv = tree->command(host);
      command.cage.read = {tree->root};
      break;
    }
  }
  command.argv.push_back(std::to_string(settings.threads));
  if (!fs::exists(host)) {
    command.missing =
        "this program was built without ONNX Runtime; `tools/engine-runtime make` downloads it, "
        "then ./run builds the engine";
  }
  command.environment = hosting::host_environment();
  return std::make_unique<hosting::HostedEngine>("onnx", command, hosting::HostScope::kPerModel,
                                                 host_options(settings));
}

/// An engine that is there where the program was built with its libraries.
struct OptionalHost {
  std::string name;
  std::vector<std::string> environment{};  ///< besides what every host gets
  std::vector<fs::path> read{};            ///< besides its model
};

std::vector<OptionalHost> optional_hosts() {
  // With more threads it spins: on two busy cores the same page took 30 s instead of 0.7 s.
  OptionalHost tesseract{"tesseract", {"OMP_THREAD_LIMIT=1"}};
  if (const char* data = std::getenv("TESSDATA_PREFIX")) {
    tesseract.environment.push_back("TESSDATA_PREFIX=" + std::string(data));
    tesseract.read.emplace_back(data);
  }
  return {{"opencv"}, tesseract};
}

std::unique_ptr<inference::Engine> find_hosted(const OptionalHost& optional,
                                               const core::Settings& settings,
                                               const fs::path& bin) {
  const fs::path host = bin / ("hailstone-host-" + optional.name);
  std::error_code ignored;
  if (!fs::exists(host, ignored)) return nullptr;
  hosting::HostCommand command;
  command.argv = {host};
  command.environment = hosting::host_environment();
  command.environment.insert(command.environment.end(), optional.environment.begin(),
                             optional.environment.end());
  command.cage.read = optional.read;
  return std::make_unique<hosting::HostedEngine>(
      optional.name, command, hosting::HostScope::kPerModel, host_options(settings));
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
  engines.push_back(make_hosted_fake(settings, bin));
  for (const auto& host : optional_hosts()) {
    if (auto engine = find_hosted(host, settings, bin)) engines.push_back(std::move(engine));
  }
  return engines;
}

}  // namespace hailstone::app
