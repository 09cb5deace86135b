// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests that run later: checked as far as can be before they are kept, so that a mistake is told
// to whoever made it.

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "core/jobs/job_queue.hpp"
#include "http/router.hpp"

namespace hailstone::jobs {

/// What a stored model is for: "detect"; empty for a language model. Throws Error(kNotFound).
using FindTask = std::function<std::string(const std::string& model)>;
/// Throws Error(kBadRequest) for a URL to which nothing is sent.
using CheckWebhook = std::function<void(const std::string& url)>;

/// Thread-safe.
class JobService {
 public:
  /// The queue outlives the service.
  JobService(core::JobQueue& queue, FindTask find_task);

  /// Which routes there are. Once, before the first request.
  void set_router(const http::Router& router) noexcept { router_ = &router; }
  /// Once, before the first request. Without it no webhook is allowed.
  void set_webhook_check(CheckWebhook check) { check_webhook_ = std::move(check); }

  /// Throws Error(kBadRequest) for a request that no job may be: of an unknown route, of jobs
  /// themselves; and as JobQueue::submit.
  core::JobQueue::Submission submit(const core::NewJob& job);
  /// The same check alone.
  void check(const core::JobTask& task) const;

  /// POST /api/TASK, if there is such a route. Throws kBadRequest with those that there are.
  std::string target_of(const std::string& task) const;
  /// Throws kBadRequest where the model is none or for text, so that a task must be named.
  std::string task_of_model(const std::string& model) const;

  /// Whether it is installed.
  bool has_model(const std::string& model) const;

  /// Routes that run inference for one whole request.
  static bool may_be_job(const http::Route& route) noexcept;

  core::JobQueue& queue() const noexcept { return queue_; }

 private:
  core::JobQueue& queue_;
  const FindTask find_task_;
  void check_webhook(const std::string& url) const;

  const http::Router* router_ = nullptr;
  CheckWebhook check_webhook_;
};

}  // namespace hailstone::jobs
