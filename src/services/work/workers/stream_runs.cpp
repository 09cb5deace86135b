// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/stream_runs.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/backoff.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/workers/worker_files.hpp"
#include "inference/run_wait.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"
#include "services/work/workers/service.hpp"
#include "services/work/workers/wire_request.hpp"

namespace hailstone::workers {
namespace {

constexpr std::size_t kMostEvents = 256;
constexpr std::size_t kMostEventBytes = 1 << 20;
constexpr std::size_t kMostEnded = 8;  // of a worker; older ones are forgotten

/// Ends a try that has been silent for too long, from its first hear() on. hear() and check() are
/// for the thread of the try.
class SilenceWatch {
 public:
  /// Nothing: it may be silent for ever.
  SilenceWatch(std::optional<std::chrono::seconds> limit, std::stop_source attempt)
      : limit_(limit), attempt_(std::move(attempt)) {}

  void hear() {
    if (!limit_) return;
    if (!thread_.joinable()) thread_ = std::jthread([this](const auto& stop) { watch(stop); });
    const std::lock_guard lock(mutex_);
    heard_ = true;
    changed_.notify_all();
  }
  /// Throws Error(kTimeout) if it has ended the try.
  void check(const std::string& worker) {
    const std::lock_guard lock(mutex_);
    if (!fired_) return;
    throw Error(ErrorCode::kTimeout,
                worker + " gave no sign of life for " + std::to_string(limit_->count()) + " s",
                "its file's stall_limit says how long it may be silent");
  }

 private:
  void watch(const std::stop_token& stop) {
    os::set_thread_name("stream-watch");
    const auto heard = [this] { return std::exchange(heard_, false); };
    std::unique_lock lock(mutex_);
    while (changed_.wait_for(lock, stop, *limit_, heard)) continue;
    if (stop.stop_requested()) return;
    fired_ = true;
    lock.unlock();
    attempt_.request_stop();
  }

  const std::optional<std::chrono::seconds> limit_;
  std::stop_source attempt_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool heard_ = false;   // guarded by mutex_
  bool fired_ = false;   // guarded by mutex_
  std::jthread thread_;  // the last: it uses all the others
};

}  // namespace

struct StreamRuns::Run {
  inference::WorkerPtr worker;
  inference::CallValue arguments;
  bool is_auto = false;
  std::mutex mutex;
  std::condition_variable_any changed;
  // Guarded by mutex:
  StreamStatus status;
  std::deque<StreamEvent> events;
  std::size_t event_bytes = 0;
  std::optional<inference::Blob> picture;
  std::jthread thread;  // the last: it uses all the others; of StreamRuns alone

  bool is_over() const { return status.state == "ended" || status.state == "failed"; }
  void set_state(const char* state) {
    const std::lock_guard lock(mutex);
    status.state = state;
    changed.notify_all();
  }
  StreamStatus copy() {
    const std::lock_guard lock(mutex);
    return status;
  }
};

StreamRuns::StreamRuns(WorkerService& service, const Clock& clock)
    : service_(service), clock_(clock) {}

StreamRuns::~StreamRuns() {
  for (auto& [id, run] : runs_) run->thread.request_stop();
  for (auto& [id, run] : runs_) run->thread = {};
}

StreamRuns::RunPtr StreamRuns::begin(const inference::WorkerPtr& worker,
                                     inference::CallValue arguments, bool is_auto) {
  auto run = std::make_shared<Run>();
  run->worker = worker;
  run->is_auto = is_auto;
  run->status.id = make_id("stream-");
  run->status.worker = worker->name;
  run->status.state = "running";
  run->status.fields = arguments.json;
  run->status.started = clock_.wall();
  run->arguments = std::move(arguments);
  const std::string id = run->status.id;
  run->thread = std::jthread([this, raw = run.get()](const std::stop_token& stop) {
    os::set_thread_name("worker-stream");
    work(*raw, stop);
  });
  const std::lock_guard lock(mutex_);
  runs_[id] = run;
  return run;
}

StreamStatus StreamRuns::start(const inference::WorkerPtr& worker, inference::CallValue arguments) {
  forget_old(worker->name);
  int running = 0;
  for (const auto& status : list(worker->name)) {
    if (status.state == "running" || status.state == "waiting") ++running;
  }
  if (running >= worker->parallel) {
    throw Error(ErrorCode::kBusy,
                worker->name + " runs " + std::to_string(running) +
                    " times already, which is what its file allows (parallel)",
                "stop one: DELETE " + worker->route + "/ID");
  }
  return begin(worker, std::move(arguments), false)->copy();
}

/// Its tries, with pauses between those that fail.
void StreamRuns::work(Run& run, const std::stop_token& stop) {
  Backoff backoff(clock_);
  while (!stop.stop_requested()) {
    try {
      backoff.note_start();
      run.set_state("running");
      try_once(run, stop);
      return run.set_state("ended");
    } catch (...) {  // the top of this thread
      if (stop.stop_requested()) break;
      const Error error = current_error();
      log::warning("workers", "a stream worker failed",
                   {{"worker", run.worker->name}, {"why", error.what()}});
      const std::lock_guard lock(run.mutex);
      run.status.error = error.what();
      ++run.status.restarts;
    }
    backoff.note_crash();
    if (!run.worker->restart) return run.set_state("failed");
    run.set_state("waiting");
    std::unique_lock lock(run.mutex);
    run.changed.wait_for(lock, stop, backoff.wait(), [] { return false; });
  }
  run.set_state("ended");
}

void StreamRuns::try_once(Run& run, const std::stop_token& stop) {
  std::stop_source attempt;
  const std::stop_callback ends_with_the_stream(stop, [&attempt] { attempt.request_stop(); });
  SilenceWatch silence(run.worker->stall_limit, attempt);
  RunContext context;
  context.stop = attempt.get_token();
  context.lane = run.worker->lane;
  try {
    const auto last = service_.call(
        *run.worker, {"handle", run.arguments},
        [&](inference::CallValue&& piece) {
          silence.hear();
          note(run, piece);
        },
        context, [&silence] { silence.hear(); });
    note(run, last);
  } catch (const Error&) {  // a stop has no reason of its own
    silence.check(run.worker->name);
    throw;
  }
}

void StreamRuns::note(Run& run, const inference::CallValue& piece) {
  std::string event = piece.json == "null" ? std::string() : piece.json;
  const std::lock_guard lock(run.mutex);
  if (!piece.blobs.empty()) {
    run.picture = piece.blobs.front();
    ++run.status.pictures;
  }
  if (!event.empty()) {
    run.event_bytes += event.size();
    run.events.push_back({++run.status.events, std::move(event)});
  }
  while (run.events.size() > kMostEvents || run.event_bytes > kMostEventBytes) {
    run.event_bytes -= run.events.front().json.size();
    run.events.pop_front();
  }
  run.changed.notify_all();
}

std::vector<StreamStatus> StreamRuns::list(const std::string& worker) const {
  std::vector<RunPtr> runs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, run] : runs_) {
      if (run->worker->name == worker) runs.push_back(run);
    }
  }
  std::vector<StreamStatus> out;
  out.reserve(runs.size());
  for (const auto& run : runs) out.push_back(run->copy());
  return out;
}

StreamRuns::RunPtr StreamRuns::require(const std::string& worker, const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  if (found != runs_.end() && found->second->worker->name == worker) return found->second;
  throw Error(ErrorCode::kNotFound, "there is no stream " + id + " of " + worker,
              "GET on the worker's own route lists those that there are");
}

StreamStatus StreamRuns::find(const std::string& worker, const std::string& id) const {
  return require(worker, id)->copy();
}

StreamStatus StreamRuns::stop(const std::string& worker, const std::string& id) {
  const auto run = require(worker, id);
  run->thread.request_stop();
  constexpr std::chrono::seconds kPatience{10};
  std::unique_lock lock(run->mutex);
  run->changed.wait_for(lock, kPatience, [&] { return run->is_over(); });
  return run->status;
}

std::vector<StreamEvent> StreamRuns::wait_for_events(const std::string& worker,
                                                     const std::string& id, std::uint64_t after,
                                                     const RunContext& run) {
  const auto stream = require(worker, id);
  std::unique_lock lock(stream->mutex);
  wait_for(stream->changed, lock, run,
           [&] { return stream->status.events > after || stream->is_over(); });
  std::vector<StreamEvent> out;
  std::copy_if(stream->events.begin(), stream->events.end(), std::back_inserter(out),
               [&](const auto& event) { return event.number > after; });
  return out;
}

std::optional<std::pair<std::uint64_t, inference::Blob>> StreamRuns::wait_for_picture(
    const std::string& worker, const std::string& id, std::uint64_t after, const RunContext& run) {
  const auto stream = require(worker, id);
  std::unique_lock lock(stream->mutex);
  wait_for(stream->changed, lock, run,
           [&] { return stream->status.pictures > after || stream->is_over(); });
  if (!stream->picture || stream->status.pictures <= after) return std::nullopt;
  return std::pair(stream->status.pictures, *stream->picture);
}

/// Of those that are over only the last ones are kept.
void StreamRuns::forget_old(const std::string& worker) {
  std::vector<StreamStatus> over = list(worker);
  std::erase_if(
      over, [](const auto& each) { return each.state == "running" || each.state == "waiting"; });
  std::sort(over.begin(), over.end(),
            [](const auto& a, const auto& b) { return a.started > b.started; });
  std::vector<RunPtr> gone;  // destroyed after the lock: their threads are joined
  const std::lock_guard lock(mutex_);
  for (std::size_t i = kMostEnded; i < over.size(); ++i) {
    const auto found = runs_.find(over[i].id);
    if (found == runs_.end()) continue;
    gone.push_back(std::move(found->second));
    runs_.erase(found);
  }
}

void StreamRuns::stop_all() {
  std::vector<RunPtr> runs;  // a stop calls back
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, run] : runs_) runs.push_back(run);
  }
  for (const auto& run : runs) run->thread.request_stop();
}

void StreamRuns::follow(const core::WorkerTable& table) {
  std::vector<RunPtr> runs;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, run] : runs_) runs.push_back(run);
  }
  std::vector<std::string> running;
  for (const auto& run : runs) {
    const auto now = table.find(run->worker->name);
    const bool is_same = now != nullptr && now->version == run->worker->version;
    if (!is_same) run->thread.request_stop();
    if (is_same && run->is_auto) running.push_back(run->worker->name);
  }
  for (const auto& worker : table.workers) {
    const bool starts = worker->kind == inference::WorkerKind::kStream && worker->autostart;
    if (!starts || std::find(running.begin(), running.end(), worker->name) != running.end()) {
      continue;
    }
    try {
      begin(worker, read_fields(*worker, {}), true);
    } catch (const Error& error) {  // of one; the others start
      log::error("workers", "a worker does not start by itself",
                 {{"worker", worker->name}, {"why", error.what()}});
    }
  }
}

}  // namespace hailstone::workers
