// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/service.hpp"

#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "core/workers/worker_files.hpp"
#include "inference/engine.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::workers {
namespace {

constexpr std::chrono::seconds kInterval{1};
const std::vector<double> kSeconds = {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600};

/// Counts a call by how it ended, however that was.
class Counted {
 public:
  using Count = std::function<void(std::string_view outcome, double seconds)>;
  explicit Counted(Count count) : count_(std::move(count)), begun_(system_clock().now()) {}
  ~Counted() {
    const std::chrono::duration<double> time = system_clock().now() - begun_;
    count_(is_good_ ? "succeeded" : "failed", time.count());
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  void succeed() noexcept { is_good_ = true; }

 private:
  const Count count_;
  const SteadyTime begun_;
  bool is_good_ = false;
};

}  // namespace

WorkerService::WorkerService(core::WorkerFiles& files, core::Runtime& runtime,
                             core::Metrics& metrics, MakeSpec make_spec)
    : files_(files), runtime_(runtime), metrics_(metrics), make_spec_(std::move(make_spec)) {}

WorkerService::~WorkerService() = default;

void WorkerService::start(OnChange on_change) {
  on_change_ = std::move(on_change);
  refresh();
  watcher_ = std::jthread([this](const std::stop_token& stop) {
    os::set_thread_name("workers");
    watch(stop);
  });
}

void WorkerService::stop() {
  watcher_ = {};
}

std::shared_ptr<const core::WorkerTable> WorkerService::table() const {
  return files_.table();
}

void WorkerService::watch(const std::stop_token& stop) {
  std::mutex waiting;
  std::unique_lock lock(waiting);
  while (!stop.stop_requested()) {
    stopped_.wait_for(lock, stop, kInterval, [] { return false; });
    if (stop.stop_requested()) return;
    try {
      refresh();
    } catch (...) {  // the top of this thread: it looks again in a second
      log::warning("workers", "cannot look for workers", {{"why", current_error().what()}});
    }
  }
}

void WorkerService::refresh() {
  if (!files_.refresh() || !on_change_) return;
  const auto table = files_.table();
  auto problems = on_change_(*table);
  const std::lock_guard lock(mutex_);
  if (table->number < number_) return;  // somebody has seen a later one
  number_ = table->number;
  problems_ = std::move(problems);
}

WorkerStatus WorkerService::status_of(const inference::WorkerPtr& worker) const {
  WorkerStatus status{worker};
  if (worker->kind == inference::WorkerKind::kNative) status.state = WorkerState::kNative;
  const std::string model = worker->model_name();
  for (const auto& resident : runtime_.residents()) {
    if (resident.name != model || resident.loading) continue;
    status.state = WorkerState::kLoaded;
    status.host = resident.footprint.host;
    status.npu = resident.footprint.npu;
  }
  for (const auto& fault : runtime_.faults()) {
    if (fault.name != model) continue;
    status.state = WorkerState::kFaulted;
    status.reason = fault.reason;
  }
  return status;
}

WorkerList WorkerService::list() {
  refresh();
  WorkerList list;
  list.workers = known();
  list.problems = files_.table()->problems;
  const std::lock_guard lock(mutex_);
  list.problems.insert(list.problems.end(), problems_.begin(), problems_.end());
  return list;
}

std::vector<WorkerStatus> WorkerService::known() const {
  std::vector<WorkerStatus> out;
  for (const auto& worker : files_.table()->workers) out.push_back(status_of(worker));
  return out;
}

WorkerStatus WorkerService::find(std::string_view name) {
  refresh();
  if (const auto worker = files_.table()->find(name)) return status_of(worker);
  throw Error(ErrorCode::kNotFound, "there is no worker '" + std::string(name) + "'",
              "GET /api/workers lists those that there are");
}

void WorkerService::count(const inference::WorkerManifest& worker, std::string_view outcome,
                          double seconds) {
  metrics_
      .counter("hailstone_worker_calls_total", "Calls of workers, by outcome.",
               {{"worker", worker.name}, {"outcome", std::string(outcome)}})
      .add();
  metrics_
      .histogram("hailstone_worker_call_seconds", "Calls of workers, with the wait for their turn.",
                 kSeconds, {{"worker", worker.name}})
      .observe(seconds);
}

inference::CallValue WorkerService::call(const inference::WorkerManifest& worker,
                                         const inference::CallRequest& request,
                                         const inference::OnCallValue& on_value,
                                         const RunContext& run,
                                         const std::function<void()>& on_begin) {
  Counted counted([&](auto outcome, double seconds) { count(worker, outcome, seconds); });
  std::optional<core::KeepAlive> keep;
  if (worker.keep_alive) keep = *worker.keep_alive;
  const auto lease = runtime_.acquire(make_spec_(worker), {}, keep, run);
  auto* const session = lease.model().call();
  if (session == nullptr) {
    throw Error(ErrorCode::kEngineFailed, "the worker " + worker.name + " cannot be called");
  }
  if (on_begin) on_begin();
  auto result = session->call(request, nullptr, on_value, run);
  counted.succeed();
  return result;
}

}  // namespace hailstone::workers
