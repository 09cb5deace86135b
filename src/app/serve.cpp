// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

#include "app/engines.hpp"
#include "app/heap.hpp"
#include "app/last_models.hpp"
#include "app/last_resort.hpp"
#include "app/load_times.hpp"
#include "app/services.hpp"
#include "app/signals.hpp"
#include "app/systemd/activation.hpp"
#include "app/systemd/notify.hpp"
#include "app/systemd/watchdog.hpp"
#include "base/error.hpp"
#include "core/config/environment.hpp"
#include "core/config/store_roots.hpp"
#include "core/jobs/batch_store.hpp"
#include "core/jobs/job_queue.hpp"
#include "core/machine/monitor.hpp"
#include "core/measurements/machine.hpp"
#include "core/measurements/measurements.hpp"
#include "core/metrics/metrics.hpp"
#include "core/people/people_store.hpp"
#include "core/registry/registry.hpp"
#include "core/runtime/runtime.hpp"
#include "core/store/model_name.hpp"
#include "core/store/store.hpp"
#include "core/store/store_writer.hpp"
#include "core/workers/worker_files.hpp"
#include "http/server.hpp"
#include "log/journal/journal.hpp"
#include "log/log.hpp"
#include "os/cage/cage.hpp"
#include "os/groups/control_group.hpp"
#include "os/memory_limits.hpp"
#include "os/process_memory.hpp"
#include "os/system_error.hpp"
#include "os/thread_name.hpp"
#include "os/unique_fd.hpp"
#include "os/unix_socket.hpp"
#include "services/system/status/pace.hpp"
#include "services/system/status/pulse.hpp"

namespace hailstone::app {
namespace fs = std::filesystem;
namespace {

/// What systemd gives a stopping service by default is 90 s; clients give up sooner.
constexpr std::chrono::seconds kDrainTime{20};
/// From the signal on; whatever is stuck.
constexpr std::chrono::seconds kStopLimit{28};

fs::path executable() {
  return fs::read_symlink("/proc/self/exe");
}

void set_log_level(const core::Settings& settings) {
  if (const auto level = log::find_level(settings.log_level)) log::set_level(*level);
}

/// Requests that have their model, and those that need none.
constexpr int kWorkAtOnce = 96;
constexpr int kQuickAtOnce = 32;

/// The service manager's sockets win over the settings: it keeps them when we go.
http::ServerOptions server_options(const core::Settings& settings,
                                   const http::GivenSockets& given) {
  http::ServerOptions options;
  if (given.plain.empty()) {
    options.listen = settings.listen;
    options.optional_listen = settings.extra_ports;
  }
  options.tls_listen = settings.tls_listen;
  options.tls = {settings.tls_cert, settings.tls_key};
  options.redirect_to_https = settings.tls_redirect;
  options.api_keys = settings.api_key;
  options.allowed_origins = settings.origins;
  options.allowed_hosts = settings.hosts;
  // Whoever waits for a model has a thread; those that wait are bounded by the runtime.
  constexpr int kMostWaiting = 1024;
  options.max_work = std::min(settings.max_queue, kMostWaiting) + kWorkAtOnce;
  options.max_workers = options.max_work + kQuickAtOnce;
  options.max_connections = settings.max_connections;
  options.max_per_address = settings.max_per_address;
  const auto& proxies = settings.trusted_proxies;
  options.trusted_proxies.insert(options.trusted_proxies.end(), proxies.begin(), proxies.end());
  options.max_sessions = settings.max_sessions;
  return options;
}

/// What the accelerator of the AI HAT+ 2 has.
constexpr ByteSize kNpuMemory = ByteSize::gib(8);

core::RuntimeOptions runtime_options(const core::Settings& settings, core::LoadTimes& load_times) {
  core::RuntimeOptions options;
  options.load_times = &load_times;
  const ByteSize machine = os::read_machine_memory().total;
  options.memory_limit.host = settings.memory_limit.resolve(
      machine, core::default_host_limit(machine, os::find_cgroup_memory_limit()));
  options.memory_limit.npu = settings.npu_memory.resolve(kNpuMemory, kNpuMemory);
  options.memory_wait = settings.memory_wait;
  options.memory_pressure = [] { return os::find_memory_pressure(); };
  options.max_models = settings.max_loaded_models;
  options.max_queue = settings.max_queue;
  // What a model runs at once: more batch work would only wait inside an engine, before the others.
  if (settings.num_parallel > 0) options.max_batch = settings.num_parallel;
  options.max_keep_alive = settings.max_keep_alive;
  for (const auto& name : settings.pin) {
    options.pinned.insert(core::parse_model_name(name).display());
  }
  options.default_keep_alive = settings.keep_alive;
  options.load_timeout = std::chrono::ceil<std::chrono::seconds>(settings.load_timeout);
  options.stall_limit = settings.stall_timeout;
  return options;
}

std::optional<Celsius> find_limit(int degrees) {
  if (degrees == 0) return std::nullopt;
  return Celsius{static_cast<double>(degrees)};
}

core::MachineOptions host_options(const core::Settings& settings) {
  core::MachineOptions options;
  options.limits = {find_limit(settings.heat_soft_limit), find_limit(settings.heat_hard_limit)};
  return options;
}

std::vector<core::Thermometer> read_chips(const core::Runtime& runtime) {
  std::vector<core::Thermometer> chips;
  for (const auto* engine : runtime.engines()) {
    const auto temperature = engine->chip_temperature();
    if (temperature) chips.push_back({std::string(engine->name()), *temperature});
  }
  return chips;
}

bool is_idle(const QueueFigures& work) noexcept {
  return std::all_of(work.begin(), work.end(),
                     [](const auto& lane) { return lane.waiting + lane.running == 0; });
}

/// What a person who started the daemon in a terminal wants to know; also what scripts wait for.
void print_welcome(const http::Server& server, const std::vector<Endpoint>& wyoming,
                   const core::Runtime& runtime) {
  const auto endpoints = server.endpoints();
  for (const auto& endpoint : endpoints) {
    std::printf("listening on http://%s\n", to_string(endpoint).c_str());
  }
  for (const auto& endpoint : server.tls_endpoints()) {
    std::printf("listening on https://%s\n", to_string(endpoint).c_str());
  }
  for (const auto& endpoint : wyoming) {
    std::printf("listening on tcp://%s for Home Assistant (Wyoming)\n",
                to_string(endpoint).c_str());
  }
  const std::string url = "http://" + to_string(endpoints.front());
  std::printf(
      "chat      curl %s/api/chat -d '{\"model\":\"starter-chat\",\"messages\":"
      "[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n",
      url.c_str());
  std::printf(
      "generate  curl %s/api/generate -d '{\"model\":\"starter-chat\",\"prompt\":\"Hello\"}'\n",
      url.c_str());
  std::printf("models    curl %s/api/tags\n", url.c_str());
  std::printf("health    curl %s/api/health\n", url.c_str());
  for (const auto* engine : runtime.engines()) {
    if (const auto state = engine->probe(); !state.usable) {
      std::printf("WARNING: the %s engine cannot run: %s (`hailstone doctor` tells more)\n",
                  std::string(engine->name()).c_str(), state.reason.c_str());
    }
  }
  std::fflush(stdout);
}

void wait_for_the_end(Watchdog& watchdog) {
  for (;;) {
    const auto signal = wait_for_signal(watchdog.interval());
    if (!signal || *signal == SIGHUP) {  // nothing to reload yet: a closed terminal must not end us
      watchdog.feed();
      continue;
    }
    log::info("app", "stopping", {{"signal", std::to_string(*signal)}});
    return;
  }
}

/// Two services would take each other's files for left-overs. Held as long as the process lives.
os::UniqueFd lock_home(const fs::path& home) {
  const fs::path file = home / "lock";
  os::UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) throw os::system_error("cannot open " + file.native(), errno, ErrorCode::kBadRequest);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error(ErrorCode::kConflict, "another hailstone serves from " + home.native(),
                "stop it, or give this one another folder with --home or HAILSTONE_HOME");
  }
  return fd;
}

/// A folder that somebody named has to be there, or to come: else the models are nowhere.
void ensure_model_folders(const core::Settings& settings) {
  for (const auto& folder : settings.models) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (fs::is_directory(folder)) continue;
    throw Error(
        ErrorCode::kBadRequest,
        "models: " + folder.native() + " is no folder and cannot be made: " + error.message(),
        "name others with --models or HAILSTONE_MODELS");
  }
}

void tell_missing_protections() {
  for (const auto& missing : os::missing_protections()) {
    log::warning("app", "engines are less shut in than they could be", {{"kernel", missing}});
  }
}

/// What no model uses any more goes, in the background: a large store takes its time.
std::jthread prune(core::StoreWriter& writer) {
  return std::jthread([&writer] {
    os::set_thread_name("prune");
    try {
      const auto removal = writer.prune();
      if (removal.blobs.empty()) return;
      log::info(
          "app", "unused files removed",
          {{"files", std::to_string(removal.blobs.size())}, {"freed", to_string(removal.freed)}});
    } catch (...) {  // the top of this thread: the service works without it
      log::warning("app", "unused files stay", {{"why", current_error().what()}});
    }
  });
}

}  // namespace

int serve(const core::Settings& settings) {
  HeapTrimmer heap;
  log::use_journal();
  set_log_level(settings);
  raise_file_limit();
  tell_missing_protections();
  fs::create_directories(settings.home);
  const os::UniqueFd home_lock = lock_home(settings.home);
  ensure_model_folders(settings);
  const fs::path program = executable();
  const os::RuntimeDirectory run_directory;
  std::optional<LastResort> last_resort;  // destroyed when all that could be stuck is gone

  core::Metrics metrics;
  core::MachineMonitor host(host_options(settings), metrics);
  core::Store store(core::store_roots(settings, core::process_environment(), program));
  core::StoreWriter writer(store);
  core::RegistryOptions registry_options;
  registry_options.key_file = settings.home / "id_ed25519";
  core::Registry registry(writer, std::move(registry_options));
  core::Measurements measurements(settings.home / "measurements.json", core::machine_name());
  KeptLoadTimes load_times(store, measurements);
  core::WorkerFiles workers(core::worker_folders(settings, core::process_environment(), program));
  const auto groups = os::ControlGroups::find();  // outlives the models
  if (groups) {
    log::info("app", "each engine has a control group", {{"below", groups->folder().native()}});
  }
  auto engines = make_engines(settings, core::engine_program_folder(program),
                              core::engine_folders(settings, core::process_environment(), program),
                              core::store_roots(settings, core::process_environment(), program),
                              run_directory.path(), metrics, groups.get());
  engines.push_back(make_worker_engine(
      settings, workers, core::python_folders(core::process_environment(), program), groups.get()));
  core::Runtime runtime(std::move(engines), runtime_options(settings, load_times), metrics);
  core::PeopleStore people(settings.home / "people.db");
  core::JobQueue jobs(settings.home / "jobs.db");
  core::BatchStore batches(settings.home / "batches.db");
  const status::Pulse pulse({{"the runtime", [&runtime] { runtime.faults(); }},
                             {"the figures", [&metrics] { metrics.expose(); }}});
  Services services({settings,
                     core::catalog_folders(settings, core::process_environment(), program), store,
                     writer, registry, runtime, measurements, host, metrics, pulse,
                     settings.people ? &people : nullptr, program, jobs, batches, workers});
  auto given = take_activated_sockets(settings);
  auto options = server_options(settings, given);
  http::Server server(std::move(options), services.make_router(), metrics, std::move(given));
  LastModels last_models(settings.home / "loaded-models");
  const auto preload = last_models.expand(settings.preload);
  services.preload(preload);  // before anybody notes what is loaded
  std::optional<core::MachineSampler> sampler(
      std::in_place, host, [&runtime] { return read_chips(runtime); },
      [&](const core::MachineStatus& status) {
        heap.look(is_idle(runtime.queue()));
        if (!services.is_preloading()) last_models.note(runtime);
        auto [pace, refusal] = status::choose_pace(status);
        runtime.set_pace(pace, std::move(refusal));
      });

  services.set_ready();
  services.start_jobs();
  const auto wyoming = services.start_wyoming();
  std::jthread pruner;
  if (!settings.no_prune) pruner = prune(writer);
  print_welcome(server, wyoming, runtime);
  notify_ready("serving on " + to_string(server.endpoints().front()));
  Watchdog watchdog(server, runtime, pulse);
  wait_for_the_end(watchdog);
  last_resort.emplace(kStopLimit, run_directory.path());
  notify_stopping();
  unblock_signals();  // a second one comes from somebody who does not want to wait
  sampler.reset();    // which notes it, too
  if (!services.is_preloading()) last_models.note(runtime);
  services.stop_jobs();
  services.stop_wyoming();
  server.drain(kDrainTime);
  return 0;
}

}  // namespace hailstone::app
