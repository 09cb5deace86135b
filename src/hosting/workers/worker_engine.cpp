// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/workers/worker_engine.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "hosting/workers/worker_log.hpp"

namespace hailstone::hosting {
namespace fs = std::filesystem;
namespace {

/// Between the end of a request's time and that of its process, for one that does not stop.
constexpr std::chrono::seconds kGrace{10};

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

os::Network network_of(inference::WorkerNetwork network) noexcept {
  if (network == inference::WorkerNetwork::kAny) return os::Network::kAny;
  return network == inference::WorkerNetwork::kLocal ? os::Network::kLocal : os::Network::kNone;
}

/// Temporary files of the one before are for nobody.
void make_folders(const fs::path& own) {
  std::error_code error;
  fs::remove_all(own / "tmp", error);
  for (const char* inner : {"home", "tmp"}) {
    fs::create_directories(own / inner, error);
    if (error) {
      throw Error(ErrorCode::kEngineFailed, "cannot make the worker's folder " + own.native(),
                  error.message());
    }
  }
}

/// An environment of Python's own reads its modules from where it was made of, too.
void read_environment(os::Cage& cage, const fs::path& python) {
  if (!python.is_absolute()) return;
  cage.read.push_back(python.parent_path().parent_path());
  std::error_code error;
  const fs::path real = fs::canonical(python, error);
  if (!error && !real.native().starts_with("/usr/")) {
    cage.read.push_back(real.parent_path().parent_path());
  }
}

os::Cage cage_of(const inference::WorkerManifest& worker, const WorkerPlaces& places,
                 const fs::path& python, const fs::path& own) {
  os::Cage cage;
  cage.read = worker.cage.read;
  cage.read.push_back(worker.file.parent_path());
  cage.read.push_back(places.package);
  if (!worker.working_directory.empty()) cage.read.push_back(worker.working_directory);
  read_environment(cage, python);
  cage.write = worker.cage.write;
  cage.write.push_back(own);
  cage.devices = worker.cage.devices;
  cage.network = network_of(worker.cage.network);
  cage.file_size = worker.cage.disk;
  return cage;
}

std::vector<std::string> environment_of(const inference::WorkerManifest& worker,
                                        const WorkerPlaces& places, const fs::path& own) {
  std::vector<std::string> environment;
  for (auto& variable : host_environment()) {
    const auto name = variable.substr(0, variable.find('='));
    if (name == "HOME" || name == "TMPDIR" || worker.environment.contains(name)) continue;
    environment.push_back(std::move(variable));
  }
  for (const auto& name : worker.inherited) {
    if (const char* value = std::getenv(name.c_str())) environment.push_back(name + "=" + value);
  }
  const std::map<std::string, std::string> ours = {
      {"HOME", own / "home"},
      {"TMPDIR", own / "tmp"},
      {"PYTHONPATH", places.package},
      {"PYTHONPYCACHEPREFIX", own / "pycache"},
      {"PYTHONUNBUFFERED", "1"},
      {"HAILSTONE_WORKER_FOLDER", own},
      // HailoRT writes a log into the working directory, which may not be written to.
      {"HAILORT_LOGGER_PATH", "NONE"}};
  for (const auto& [name, value] : ours) {
    if (!worker.environment.contains(name)) environment.push_back(name + "=" + value);
  }
  for (const auto& [name, value] : worker.environment) {
    const bool is_path = name == "PYTHONPATH";
    environment.push_back(name + "=" + (is_path ? places.package.native() + ":" : "") + value);
  }
  return environment;
}

HostOptions options_of(const inference::WorkerManifest& worker, std::chrono::nanoseconds most) {
  HostOptions options;
  options.start_limit = worker.start_limit;
  options.stall_limit = std::min<std::chrono::nanoseconds>(worker.timeout + kGrace, most);
  return options;
}

}  // namespace

inference::ModelSpec spec_of(const inference::WorkerManifest& worker) {
  inference::ModelSpec spec;
  spec.name = worker.model_name();
  spec.engine = kWorkerEngine;
  spec.settings = {{"worker", worker.name}, {"version", worker.version}};
  spec.exclusive_group = worker.exclusive;
  return spec;
}

HostCommand worker_command(const inference::WorkerManifest& worker, const WorkerPlaces& places) {
  const fs::path own = places.home / worker.name;
  make_folders(own);
  const fs::path python = worker.python.empty() ? places.python : worker.python;
  HostCommand command;
  command.argv = {python.native(), "-m", "hailstone_worker", "host", worker.file.native()};
  command.environment = environment_of(worker, places, own);
  command.cage = cage_of(worker, places, python, own);
  command.groups = places.groups;
  command.limits = {worker.cage.memory, worker.cage.processes, own, worker.cage.disk};
  command.working_directory =
      worker.working_directory.empty() ? worker.file.parent_path() : worker.working_directory;
  command.on_line = [log = std::make_shared<WorkerLog>(own / "log")](std::string_view line) {
    log->write(line);  // shared: the host that writes may outlive who started it
  };
  if (!is_there(python)) {
    command.missing = "the worker '" + worker.name + "' needs " + python.native() +
                      ", which is not there: hailstone worker install " + worker.name;
  }
  return command;
}

WorkerEngine::WorkerEngine(WorkerPlaces places, FindWorker find,
                           std::chrono::nanoseconds most_stall)
    : places_(std::move(places)),
      find_(std::move(find)),
      most_stall_(most_stall),
      descriptor_{std::string(kWorkerEngine), "programs of others, each in a process of its own"} {}

inference::Availability WorkerEngine::probe() const {
  if (!is_there(places_.package / "hailstone_worker")) {
    return {false, "the Python package hailstone_worker is not where it should be: " +
                       places_.package.native()};
  }
  if (!is_there(places_.python)) {
    return {false, places_.python.native() + " is missing: apt install python3"};
  }
  return {true, {}};
}

inference::WorkerPtr WorkerEngine::require(const inference::ModelSpec& spec) const {
  const auto setting = spec.settings.find("worker");
  if (setting != spec.settings.end()) {
    if (auto worker = find_(setting->second)) return worker;
  }
  throw Error(ErrorCode::kNotFound, "there is no worker for " + spec.name,
              "GET /api/workers lists those that there are");
}

inference::Footprint WorkerEngine::estimate(const inference::ModelSpec& spec,
                                            const inference::LoadOptions&) const {
  const auto worker = require(spec);
  return {worker->host, worker->npu};
}

inference::ModelFacts WorkerEngine::describe(const inference::ModelSpec& spec,
                                             inference::FactDetail) const {
  throw Error(ErrorCode::kUnsupported, spec.name + " is a worker, not a file of weights");
}

std::unique_ptr<HostedEngine> WorkerEngine::engine_for(const inference::ModelSpec& spec) const {
  const auto worker = require(spec);
  auto descriptor = descriptor_;
  descriptor.scope = HostScope::kPerModel;
  return std::make_unique<HostedEngine>(std::move(descriptor), worker_command(*worker, places_),
                                        options_of(*worker, most_stall_));
}

std::unique_ptr<inference::Model> WorkerEngine::load(const inference::ModelSpec& spec,
                                                     const inference::LoadOptions& options,
                                                     const RunContext& run) {
  return engine_for(spec)->load(spec, options, run);
}

std::unique_ptr<inference::Model> WorkerEngine::load_within(ByteSize most,
                                                            const inference::ModelSpec& spec,
                                                            const inference::LoadOptions& options,
                                                            const RunContext& run) {
  return engine_for(spec)->load_within(most, spec, options, run);
}

}  // namespace hailstone::hosting
