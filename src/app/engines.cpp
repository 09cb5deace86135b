// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/engines.hpp"

#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

#include "core/engines/engine_files.hpp"
#include "core/metrics/metrics.hpp"
#include "core/workers/worker_files.hpp"
#include "engines/fake/engine.hpp"
#include "engines/llama/engine.hpp"
#include "hosting/hosted_engine.hpp"
#include "hosting/workers/worker_engine.hpp"
#include "inference/engines/engine_descriptor.hpp"
#include "inference/engines/shown_name.hpp"
#include "os/engine_runtime.hpp"

namespace hailstone::app {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> engine_runtimes(const core::Settings& settings) {
  return {settings.engine_runtime, "/var/lib/hailstone/engine-runtime",
          "/usr/lib/hailstone/engine-runtime"};
}

/// Before health checks call a run stuck, and systemd starts the daemon anew, the engine is killed,
/// which costs only its own requests.
std::chrono::nanoseconds engine_stall_limit(const core::Settings& settings) {
  return settings.stall_timeout / 3 * 2;
}

/// Of that time a llama-server may do nothing at all only for a small part.
constexpr int kIdlePart = 10;

constexpr std::chrono::seconds kQuestionLinger{1};

constexpr std::string_view kHailo = "hailo";

bool is_there(const fs::path& program) {
  std::error_code ignored;
  return fs::exists(program, ignored);
}

engines::llama::PromptFileOptions prompt_files(const core::Settings& settings,
                                               core::Metrics& metrics) {
  const auto budget = ByteSize::mib(static_cast<std::uint64_t>(settings.prompt_cache_mb));
  const auto count = [&metrics](const engines::llama::PromptFileNews& news) {
    const core::Labels labels = {{"model", news.model}};
    metrics.counter("hailstone_prompts_saved_total", "slots of models taken to the disk", labels)
        .add(news.saved);
    metrics.counter("hailstone_prompts_restored_total", "slots of models read from there", labels)
        .add(news.restored);
    metrics.gauge("hailstone_prompts_kept_bytes", "what models have read, on the disk")
        .set(static_cast<double>(news.kept.count()));
  };
  engines::llama::PromptFileOptions options;
  options.folder = fs::absolute(settings.home / "prompts");
  options.budget = budget;
  options.on_news = count;
  return options;
}

std::unique_ptr<inference::Engine> make_llama(const core::Settings& settings, const fs::path& run,
                                              core::Metrics& metrics, os::ControlGroups* groups) {
  engines::llama::LlamaOptions options;
  options.runtime_dirs = engine_runtimes(settings);
  options.run_dir = run;
  options.threads = settings.threads;
  options.groups = groups;
  options.stall.silent = engine_stall_limit(settings);
  options.prompts = prompt_files(settings, metrics);
  options.stall.idle = options.stall.silent / kIdlePart;
  return engines::llama::make_llama_engine(options);
}

/// A program of ours stands beside this one; "{threads}" is what the settings say.
void set_program(hosting::HostCommand& command, const inference::EngineDescriptor& engine,
                 const core::Settings& settings, const fs::path& bin) {
  auto& argv = command.argv;
  argv = engine.command;
  if (!fs::path(argv.front()).is_absolute()) argv.front() = bin / argv.front();
  for (auto& word : argv) {
    if (word == "{threads}") word = std::to_string(settings.threads);
  }
  if (!engine.needs_engine_runtime) return;
  // Its library is in the engine runtime, where that was made; else it is the system's.
  for (const fs::path& root : engine_runtimes(settings)) {
    const auto tree = os::find_engine_runtime(fs::absolute(root));
    if (!tree) continue;
    auto with_loader = tree->command(argv.front());
    with_loader.insert(with_loader.end(), argv.begin() + 1, argv.end());
    command.argv = std::move(with_loader);
    command.cage.read.push_back(tree->root);
    return;
  }
}

hosting::HostOptions host_options(const inference::EngineDescriptor& engine,
                                  const core::Settings& settings) {
  hosting::HostOptions options;
  options.stall_limit = engine_stall_limit(settings);
  // The daemon's own limit is the last: a health check would call the run stuck.
  if (engine.stall_limit.count() > 0 && engine.stall_limit < options.stall_limit) {
    options.stall_limit = engine.stall_limit;
  }
  if (engine.start_limit.count() > 0) options.start_limit = engine.start_limit;
  // What is asked about a file is mostly asked several times in a row, and then loaded.
  options.question_linger = kQuestionLinger;
  return options;
}

std::unique_ptr<inference::Engine> make_hosted(const inference::EngineDescriptor& engine,
                                               const core::Settings& settings, const fs::path& bin,
                                               const std::vector<fs::path>& stores,
                                               os::ControlGroups* groups) {
  hosting::HostCommand command;
  command.groups = groups;
  set_program(command, engine, settings, bin);
  command.environment = hosting::host_environment();
  command.cage.read.insert(command.cage.read.end(), engine.readable.begin(), engine.readable.end());
  // A host for one model gets that model's files; one for all is there before they are known.
  if (engine.scope == inference::HostScope::kShared) {
    command.cage.read.insert(command.cage.read.end(), stores.begin(), stores.end());
  }
  command.cage.devices.assign(engine.devices.begin(), engine.devices.end());
  for (const auto& name : engine.inherited) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) continue;
    command.environment.push_back(name + "=" + value);
    if (fs::path(value).is_absolute()) command.cage.read.emplace_back(value);  // where data is
  }
  for (const auto& [name, value] : engine.environment) {
    command.environment.push_back(name + "=" + value);
  }
  if (!engine.how_to_get.empty() && !is_there(bin / engine.command.front())) {
    command.missing = engine.how_to_get;
  }
  return std::make_unique<hosting::HostedEngine>(engine, command, host_options(engine, settings));
}

/// Looking does not open it: that would take it away from others.
bool is_hailo_here() {
  constexpr std::string_view kVendor = "0x1e60";
  std::error_code ignored;
  for (const auto& device : fs::directory_iterator("/sys/bus/pci/devices", ignored)) {
    std::string vendor;
    if (std::ifstream(device.path() / "vendor") >> vendor && vendor == kVendor) return true;
  }
  return is_there("/dev/h1x-0") || is_there("/dev/hailo0");
}

constexpr const char* kStandInLibrary = "libhailort-standin.so";

/// The real chip, another one's library, or the stand-in.
void set_up_hailo(inference::EngineDescriptor& engine, const core::Settings& settings,
                  const fs::path& bin) {
  fs::path library = settings.hailo_library;
  if (settings.hailo == "stand-in") {
    library = bin / kStandInLibrary;
    engine.description += inference::kStandInMark;
    engine.devices.clear();
  }
  for (auto& word : engine.command) {
    if (word == "{hailo}") word = library.empty() ? "auto" : library.native();
  }
  engine.readable.push_back(bin.native());  // the adapters stand beside the programs
  if (!library.empty()) engine.readable.push_back(library.parent_path().native());
}

bool wants_hailo(const core::Settings& settings) {
  if (settings.hailo == "auto") return !settings.hailo_library.empty() || is_hailo_here();
  return settings.hailo != "off";
}

/// What is built only where its libraries are, and not said how to get, is not mentioned.
bool is_offered(const inference::EngineDescriptor& engine, const core::Settings& settings,
                const fs::path& bin) {
  if (engine.name == kHailo && !wants_hailo(settings)) return false;
  return !engine.command.empty() &&
         (!engine.how_to_get.empty() || is_there(bin / engine.command.front()));
}

}  // namespace

std::vector<std::unique_ptr<inference::Engine>> make_engines(
    const core::Settings& settings, const fs::path& bin, const std::vector<fs::path>& folders,
    const std::vector<fs::path>& stores, const fs::path& run, core::Metrics& metrics,
    os::ControlGroups* groups) {
  std::vector<std::unique_ptr<inference::Engine>> engines;
  engines.push_back(make_llama(settings, run, metrics, groups));
  // The scripted engine is a part of the product: demos, bug reports and our own tests use it.
  engines.push_back(engines::fake::make_fake_engine("fake"));
  for (auto engine : inference::known_engines()) {
    if (!is_offered(engine, settings, bin)) continue;
    if (engine.name == kHailo) set_up_hailo(engine, settings, bin);
    engines.push_back(make_hosted(engine, settings, bin, stores, groups));
  }
  for (const auto& engine : core::read_engine_files(folders)) {
    engines.push_back(make_hosted(engine, settings, bin, stores, groups));
  }
  return engines;
}

std::unique_ptr<inference::Engine> make_worker_engine(const core::Settings& settings,
                                                      const core::WorkerFiles& workers,
                                                      const std::vector<fs::path>& python,
                                                      os::ControlGroups* groups) {
  hosting::WorkerPlaces places;
  places.groups = groups;
  places.home = fs::absolute(settings.home / "workers");
  for (const auto& folder : python) {
    places.package = folder;  // where there is none, the last one is named in the reason
    if (is_there(folder / "hailstone_worker")) break;
  }
  return std::make_unique<hosting::WorkerEngine>(
      std::move(places), [&workers](std::string_view name) { return workers.table()->find(name); },
      engine_stall_limit(settings));
}

}  // namespace hailstone::app
