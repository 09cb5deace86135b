// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/jobs/routes.hpp"

#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/router.hpp"
#include "services/work/jobs/events.hpp"
#include "services/work/jobs/service.hpp"
#include "services/work/jobs/wire.hpp"

namespace hailstone::jobs {
namespace {

using http::Method;
using http::Reply;
using http::Request;

using Answer = void (*)(JobService&, Request&, Reply&);

constexpr ByteSize kMaxTask = ByteSize::mib(256);

void send(Reply& reply, std::string body, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  reply.send(std::move(response));
}

core::Job require(JobService& service, const Request& request) {
  const std::string& id = request.params.at("id");
  if (auto job = service.queue().find(id)) return *std::move(job);
  throw Error(ErrorCode::kNotFound, "there is no job " + id,
              "finished jobs go after a while; GET /v1/jobs lists those that are here");
}

void accept(Reply& reply, const core::Job& job, const std::string& place, std::string body) {
  reply.add_header("Location", place + job.id);
  send(reply, std::move(body), 202);
}

void post_infer(JobService& service, Request& request, Reply& reply) {
  InferRequest infer = parse_infer(request, system_clock().wall());
  if (infer.task.empty()) infer.task = service.task_of_model(infer.job.task.model);
  infer.job.task.target = service.target_of(infer.task);
  const auto submission = service.submit(infer.job);
  accept(reply, submission.job, "/api/infer/", write_ticket(submission.job));
}

void get_infer(JobService& service, Request& request, Reply& reply) {
  const core::Job job = require(service, request);
  std::optional<std::string> answer;
  // A larger one has a URL of its own.
  const bool is_text = job.answer && (job.answer->content_type.starts_with("application/json") ||
                                      job.answer->content_type.starts_with("text/"));
  if (job.state == core::JobState::kSucceeded) {
    answer = is_text ? service.queue().read_answer(job.id) : std::string();
  }
  send(reply, write_infer(job, service.queue().position(job), answer));
}

void get_result(JobService& service, Request& request, Reply& reply) {
  const core::Job job = require(service, request);
  http::Response response;
  response.body = service.queue().read_answer(job.id);
  response.status = job.answer->status;
  response.content_type = job.answer->content_type;
  for (const auto& [name, value] : job.answer->headers) response.headers.add(name, value);
  reply.send(std::move(response));
}

void cancel_infer(JobService& service, Request& request, Reply& reply) {
  send(reply, write_ticket(service.queue().cancel(request.params.at("id"))));
}

void post_job(JobService& service, Request& request, Reply& reply) {
  core::NewJob job = parse_new_job(request.body, system_clock().wall());
  if (const auto key = request.headers.find("Idempotency-Key")) {
    job.idempotency_key = std::string(*key);
  }
  const auto submission = service.submit(job);
  accept(reply, submission.job, "/v1/jobs/",
         write_job(submission.job, service.queue().position(submission.job)));
}

void list_jobs(JobService& service, Request& request, Reply& reply) {
  core::JobFilter filter = parse_filter(request.query);
  if (const auto after = request.query.find("after"); after != request.query.end()) {
    const auto job = service.queue().find(after->second);
    if (!job) throw Error(ErrorCode::kBadRequest, "after names no job: " + after->second);
    filter.before = job->number;
  }
  const std::size_t limit = filter.limit++;
  auto jobs = service.queue().list(filter);
  const bool has_more = jobs.size() > limit;
  if (has_more) jobs.pop_back();
  send(reply, write_jobs(jobs, has_more));
}

void get_job(JobService& service, Request& request, Reply& reply) {
  const core::Job job = require(service, request);
  send(reply, write_job(job, service.queue().position(job)));
}

void cancel_job(JobService& service, Request& request, Reply& reply) {
  send(reply, write_job(service.queue().cancel(request.params.at("id")), std::nullopt));
}

/// What has ended goes; what has not is called off first.
void delete_job(JobService& service, Request& request, Reply& reply) {
  const core::Job job = require(service, request);
  if (!core::is_final(job.state)) return cancel_job(service, request, reply);
  service.queue().remove(job.id);
  send(reply, R"({"id":")" + job.id + R"(","object":"job","deleted":true})");
}

void retry_job(JobService& service, Request& request, Reply& reply) {
  const core::Job job = service.queue().retry(request.params.at("id"));
  send(reply, write_job(job, service.queue().position(job)));
}

void purge_jobs(JobService& service, Request& request, Reply& reply) {
  const core::JobFilter filter = parse_filter(request.query);
  if (!filter.state || !core::is_final(*filter.state)) {
    throw Error(ErrorCode::kBadRequest, "state is required, of jobs that have ended",
                "DELETE /v1/jobs?state=succeeded, or failed, cancelled, expired, dead");
  }
  const auto removed = service.queue().remove_all(*filter.state);
  send(reply, R"({"object":"job.purge","deleted":)" + std::to_string(removed) + "}");
}

void count_jobs(JobService& service, Request&, Reply& reply) {
  send(reply, write_counts(service.queue().count(), system_clock().wall()));
}

void follow_job(JobService& service, Request& request, Reply& reply) {
  const core::Job job = require(service, request);
  follow(service.queue(), job.id, reply, request.run);
}

struct Row {
  Method method;
  const char* pattern;
  Answer answer;
};

constexpr Row kRows[] = {
    {Method::kPost, "/api/infer", post_infer},
    {Method::kGet, "/api/infer/{id}", get_infer},
    {Method::kGet, "/api/infer/{id}/result", get_result},
    {Method::kDelete, "/api/infer/{id}", cancel_infer},
    {Method::kPost, "/v1/jobs", post_job},
    {Method::kGet, "/v1/jobs", list_jobs},
    {Method::kDelete, "/v1/jobs", purge_jobs},
    {Method::kGet, "/v1/jobs/counts", count_jobs},
    {Method::kGet, "/v1/jobs/{id}", get_job},
    {Method::kDelete, "/v1/jobs/{id}", delete_job},
    {Method::kPost, "/v1/jobs/{id}/cancel", cancel_job},
    {Method::kPost, "/v1/jobs/{id}/retry", retry_job},
    {Method::kGet, "/v1/jobs/{id}/events", follow_job},
};

bool prefers_async(const Request& request) {
  const auto prefer = request.headers.find("Prefer");
  return prefer && prefer->find("respond-async") != std::string_view::npos;
}

std::string target_of(const Request& request) {
  std::string target = request.path;
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    target += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  return target;
}

void defer(JobService& service, Request& request, Reply& reply) {
  core::NewJob job;
  job.task.target = target_of(request);
  job.task.content_type = std::string(request.headers.find("Content-Type").value_or(""));
  job.task.body = std::move(request.body);
  job.idempotency_key = std::string(request.headers.find("Idempotency-Key").value_or(""));
  const auto submission = service.submit(job);
  reply.add_header("Preference-Applied", "respond-async");
  accept(reply, submission.job, "/v1/jobs/",
         write_job(submission.job, service.queue().position(submission.job)));
}

}  // namespace

void add_job_routes(http::Router& router, JobService& service) {
  for (const Row& row : kRows) {
    http::Route route;
    route.method = row.method;
    route.pattern = row.pattern;
    route.handler = [&service, answer = row.answer](Request& request, Reply& reply) {
      answer(service, request, reply);
    };
    if (row.method == Method::kPost) route.max_body = kMaxTask;
    if (row.answer == follow_job) route.timeout = std::chrono::seconds::zero();
    router.add(std::move(route));
  }
}

void offer_async(http::Router& router, JobService& service) {
  router.change_each([&service](http::Route& route) {
    // What comes as a stream is meant to be looked at while it comes.
    if (!JobService::may_be_job(route) || route.body == http::BodyMode::kStreamed) return;
    route.handler = [&service, answer = std::move(route.handler)](Request& request, Reply& reply) {
      prefers_async(request) ? defer(service, request, reply) : answer(request, reply);
    };
  });
}

}  // namespace hailstone::jobs
