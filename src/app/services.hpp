// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The list of services: what is not added here has no routes.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/endpoint.hpp"
#include "core/config/settings.hpp"
#include "http/router.hpp"

namespace hailstone::core {
class BatchStore;
class JobQueue;
class MachineMonitor;
class Measurements;
class Metrics;
class PeopleStore;
class Registry;
class Runtime;
class Store;
class StoreWriter;
class WorkerFiles;
}  // namespace hailstone::core
namespace hailstone::status {
class Pulse;
}

namespace hailstone::app {

/// What the services stand on; it outlives them.
struct Foundation {
  const core::Settings& settings;
  std::vector<std::filesystem::path> catalog_folders;
  core::Store& store;
  core::StoreWriter& writer;
  core::Registry& registry;
  core::Runtime& runtime;
  core::Measurements& measurements;
  const core::MachineMonitor& host;
  core::Metrics& metrics;
  const status::Pulse& pulse;
  core::PeopleStore* people;  ///< null: the operator keeps none
  std::filesystem::path program;
  core::JobQueue& jobs;
  core::BatchStore& batches;
  core::WorkerFiles& workers;
};

/// Owns the services; must outlive the server that runs their handlers.
class Services {
 public:
  explicit Services(const Foundation& foundation);
  ~Services();
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  http::Router make_router();

  /// Loads these models in the background, one after the other. Those that cannot be loaded are
  /// only logged: the rest of the service works without them.
  void preload(std::vector<std::string> models);
  /// Whether it is still about that.
  bool is_preloading() const noexcept;

  /// From now on /health/ready says yes.
  void set_ready() noexcept;
  /// Runs jobs from now on. After make_router().
  void start_jobs();
  /// Where it listens; nowhere where the operator wants none of it. Throws as wyoming::Server does.
  std::vector<Endpoint> start_wyoming();
  void stop_wyoming();
  /// What runs is stopped and given back to the queue. Blocks until it has noticed.
  void stop_jobs();

 private:
  void add_text_routes(http::Router& router);
  void add_routes_of_workers(http::Router& router);

  struct Impl;

  /// All routes but those of jobs themselves.
  http::Router make_inference_router();

  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::app
