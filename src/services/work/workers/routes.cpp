// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/workers/routes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/workers/worker_files.hpp"
#include "http/header_names.hpp"
#include "http/ndjson.hpp"
#include "http/sse.hpp"
#include "log/log.hpp"
#include "services/work/workers/service.hpp"
#include "services/work/workers/wire.hpp"
#include "services/work/workers/wire_request.hpp"

namespace hailstone::workers {
namespace {

using http::Reply;
using http::Request;
using inference::CallValue;
using inference::WorkerKind;
using inference::WorkerPtr;
using inference::WorkerResult;

/// What a form has besides its files, and base64 where the files come in JSON.
constexpr ByteSize kMargin = ByteSize::mib(1);

void send(Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

std::string accept_of(const Request& request) {
  return std::string(request.headers.find("Accept").value_or(""));
}

/// A piece is a line, or an event for who wants those.
void answer_with_stream(WorkerService& service, const WorkerPtr& worker,
                        const inference::CallRequest& call, Request& request, Reply& reply) {
  http::NdjsonWriter lines(reply);
  http::SseWriter events(reply);
  const bool as_events = accept_of(request).find(http::kEventStream) != std::string::npos;
  if (as_events) events.start();
  const auto write = [&](const CallValue& value) {
    const std::string piece = write_piece(value);
    if (piece.empty()) return;
    as_events ? events.send(piece) : lines.write(piece);
  };
  const auto last = service.call(
      *worker, call, [&](CallValue&& value) { write(value); }, request.run);
  write(last);
  if (!reply.started()) send(reply, "");
}

void answer(WorkerService& service, const WorkerPtr& worker, Request& request, Reply& reply) {
  const inference::CallRequest call{"handle", take_arguments(*worker, request)};
  reply.add_header(http::kModelHeader, worker->name);
  reply.add_header(http::kEngineHeader, "worker");
  if (worker->result == WorkerResult::kStream) {
    return answer_with_stream(service, worker, call, request, reply);
  }
  const auto result = service.call(*worker, call, {}, request.run);
  reply.send(write_result(*worker, result, accept_of(request)));
}

http::Method method_of(const inference::WorkerManifest& worker) {
  for (const auto method : {http::Method::kGet, http::Method::kPut, http::Method::kDelete}) {
    if (to_string(method) == worker.method) return method;
  }
  return http::Method::kPost;
}

/// A file in base64 is a third larger.
ByteSize max_body_of(const inference::WorkerManifest& worker) {
  std::uint64_t bytes = kMargin.count();
  for (const auto& field : worker.fields) {
    const bool is_file = field.kind == inference::FieldKind::kFile;
    bytes += is_file ? field.max_bytes.count() / 3 * 4 : field.max_length;
  }
  return ByteSize::bytes(bytes);
}

}  // namespace

void add_worker_routes(http::Router& router, WorkerService& service) {
  http::Route list;
  list.pattern = "/api/workers";
  list.handler = [&service](Request&, Reply& reply) { send(reply, write_list(service.list())); };
  router.add(std::move(list));
  http::Route one;
  one.pattern = "/api/workers/{name}";
  one.handler = [&service](Request& request, Reply& reply) {
    send(reply, write_status(service.find(request.params.at("name"))));
  };
  router.add(std::move(one));
}

http::Route make_route(WorkerService& service, const WorkerPtr& worker) {
  http::Route route;
  route.method = method_of(*worker);
  route.pattern = worker->route;
  route.cost = http::Cost::kWork;
  route.max_body = max_body_of(*worker);
  route.timeout = worker->timeout;
  route.lane = worker->lane;
  route.handler = [&service, worker](Request& request, Reply& reply) {
    answer(service, worker, request, reply);
  };
  return route;
}

WorkerRoutes::WorkerRoutes(WorkerService& service, StreamRuns& runs, http::Router taken,
                           std::function<void(http::Router&)> change)
    : service_(service),
      runs_(runs),
      taken_(std::move(taken)),
      change_(std::move(change)),
      for_clients_(std::make_shared<const http::Router>()),
      for_jobs_(std::make_shared<const http::Router>()) {}

bool WorkerRoutes::is_free(const inference::WorkerManifest& worker,
                           const http::Router& others) const {
  const auto method = method_of(worker);
  const bool is_ours = !taken_.find(method, worker.route).allowed.empty();
  return !is_ours && others.find(method, worker.route).route == nullptr;
}

namespace {

/// Nobody can measure it from outside.
bool takes_unknown_of_the_chip(const inference::WorkerManifest& worker) {
  const auto& devices = worker.cage.devices;
  return worker.npu.count() == 0 &&
         std::any_of(devices.begin(), devices.end(), [](const auto& device) {
           const std::string name = device.filename().native();
           return name.starts_with("hailo") || name.starts_with("h1x");
         });
}

}  // namespace

std::vector<http::Route> WorkerRoutes::routes_of(const WorkerPtr& worker) const {
  if (worker->kind == WorkerKind::kStream) return make_stream_routes(service_, runs_, worker);
  std::vector<http::Route> routes;
  routes.push_back(make_route(service_, worker));
  return routes;
}

std::vector<std::string> WorkerRoutes::rebuild(const core::WorkerTable& table) {
  auto clients = std::make_shared<http::Router>();
  auto jobs = std::make_shared<http::Router>();
  std::vector<std::string> problems;
  for (const auto& worker : table.workers) {
    if (worker->kind == WorkerKind::kNative) continue;
    if (takes_unknown_of_the_chip(*worker)) {
      problems.push_back(
          worker->file.native() +
          ": npu_bytes is missing although the worker uses the chip: the budget does "
          "not know what it takes there");
    }
    if (!is_free(*worker, *jobs)) {
      problems.push_back(worker->file.native() + ": route " + worker->method + " " + worker->route +
                         " is taken; the worker " + worker->name + " has none");
      log::error("workers", "a worker gets no route", {{"problem", problems.back()}});
      continue;
    }
    for (auto& route : routes_of(worker)) clients->add(std::move(route));
    for (auto& route : routes_of(worker)) jobs->add(std::move(route));
  }
  change_(*clients);
  const std::lock_guard lock(mutex_);
  if (table.number < number_) return problems;  // somebody was faster with a later one
  number_ = table.number;
  for_clients_ = std::move(clients);
  for_jobs_ = std::move(jobs);
  return problems;
}

std::shared_ptr<const http::Router> WorkerRoutes::for_clients() const {
  const std::lock_guard lock(mutex_);
  return for_clients_;
}

std::shared_ptr<const http::Router> WorkerRoutes::for_jobs() const {
  const std::lock_guard lock(mutex_);
  return for_jobs_;
}

}  // namespace hailstone::workers
