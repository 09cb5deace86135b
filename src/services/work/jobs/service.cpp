// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/service.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/pipeline/dispatch.hpp"
#include "http/pipeline/target.hpp"

namespace hailstone::jobs {
namespace {

constexpr std::string_view kPrefix = "/api/";

/// A job that makes or removes jobs would have no end, and one that waits for a client no
/// beginning.
bool is_for_jobs(const http::Route& route) noexcept {
  for (const std::string_view own : {"/api/infer", "/v1/jobs", "/v1/batches", "/v1/files"}) {
    if (route.pattern.starts_with(own)) return true;
  }
  return false;
}

}  // namespace

bool JobService::may_be_job(const http::Route& route) noexcept {
  return route.method == http::Method::kPost && route.cost == http::Cost::kWork &&
         !is_for_jobs(route);
}

JobService::JobService(core::JobQueue& queue, FindTask find_task)
    : queue_(queue), find_task_(std::move(find_task)) {}

void JobService::check(const core::JobTask& task) const {
  const auto request = http::make_request(task.method, task.target, "", "");
  const auto match = router_->find(request.method, http::split_target(task.target).path);
  if (match.route == nullptr || !may_be_job(*match.route)) {
    throw Error(ErrorCode::kBadRequest,
                task.method + " " + request.path + " is nothing that a job can do",
                "jobs run inference routes, for example POST /api/generate or POST /api/detect");
  }
  if (task.body.size() > match.route->max_body.count()) {
    throw Error(ErrorCode::kTooLarge, request.path + " takes at most " +
                                          to_string(match.route->max_body) + ", not " +
                                          to_string(ByteSize::bytes(task.body.size())));
  }
}

core::JobQueue::Submission JobService::submit(const core::NewJob& job) {
  check(job.task);
  if (job.webhook.starts_with("http")) check_webhook(job.webhook);
  return queue_.submit(job);
}

void JobService::check_webhook(const std::string& url) const {
  constexpr const char* kHelp = "the operator allows hosts with the setting webhook_hosts";
  if (!check_webhook_) {
    throw Error(ErrorCode::kBadRequest, "job.webhook: webhooks are switched off here", kHelp);
  }
  try {
    check_webhook_(url);
  } catch (const Error& error) {
    throw Error(ErrorCode::kBadRequest, std::string("job.webhook: ") + error.what(), kHelp);
  }
}

std::string JobService::target_of(const std::string& task) const {
  std::vector<std::string> tasks;
  for (const auto* route : router_->routes()) {
    const bool is_task = may_be_job(*route) && route->pattern.starts_with(kPrefix) &&
                         route->pattern.find('/', kPrefix.size()) == std::string::npos;
    if (is_task) tasks.push_back(route->pattern.substr(kPrefix.size()));
  }
  if (std::find(tasks.begin(), tasks.end(), task) != tasks.end()) {
    return std::string(kPrefix) + task;
  }
  std::sort(tasks.begin(), tasks.end());
  throw Error(ErrorCode::kBadRequest, "'" + task + "' is no task",
              "task is one of: " + join(tasks, ", "));
}

std::string JobService::task_of_model(const std::string& model) const {
  const std::string task = model.empty() ? std::string() : find_task_(model);
  if (!task.empty()) return task;
  throw Error(ErrorCode::kBadRequest, "task is required where there is no prompt",
              "for example {\"task\":\"detect\",\"image\":\"<base64>\"}");
}

bool JobService::has_model(const std::string& model) const {
  try {
    find_task_(model);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return false;
  }
}

}  // namespace hailstone::jobs
