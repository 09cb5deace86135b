// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The routes of workers: those about them, which are always there, and each worker's own, which
// comes and goes with its file.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/router.hpp"
#include "services/work/workers/task.hpp"

namespace hailstone::core {
struct WorkerTable;
}

namespace hailstone::workers {

class StreamRuns;
class WorkerService;

/// GET /api/workers and /api/workers/{name}.
void add_worker_routes(http::Router& router, WorkerService& service);

/// POST (or whatever its file says) to the worker's own route.
http::Route make_route(WorkerService& service, const inference::WorkerPtr& worker);

/// Of a stream worker: it is started by a POST and goes on without whoever did that, or is followed
/// at once by who accepts events; what runs can be listed, looked at and stopped.
std::vector<http::Route> make_stream_routes(WorkerService& service, StreamRuns& runs,
                                            const inference::WorkerPtr& worker);

/// Thread-safe.
class WorkerRoutes {
 public:
  /// taken: routes that are there already, which no worker gets. change: what is done to the
  /// routes that clients see.
  WorkerRoutes(WorkerService& service, StreamRuns& runs, http::Router taken,
               std::function<void(http::Router&)> change);

  /// Makes the routes anew. Returns what is wrong with those that are left out.
  std::vector<std::string> rebuild(const core::WorkerTable& table);

  /// For clients, and for jobs. Never null.
  std::shared_ptr<const http::Router> for_clients() const;
  std::shared_ptr<const http::Router> for_jobs() const;

 private:
  bool is_free(const inference::WorkerManifest& worker, const http::Router& others) const;

  std::vector<http::Route> routes_of(const inference::WorkerPtr& worker) const;

  WorkerService& service_;
  StreamRuns& runs_;
  const http::Router taken_;
  const std::function<void(http::Router&)> change_;
  mutable std::mutex mutex_;
  std::uint64_t number_ = 0;  // guarded by mutex_; of the table that these are of
  // Guarded by mutex_; shared, because requests go on with the routes that they began with.
  std::shared_ptr<const http::Router> for_clients_;
  std::shared_ptr<const http::Router> for_jobs_;
};

}  // namespace hailstone::workers
