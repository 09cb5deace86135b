// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/system/status/service.hpp"
#include "services/system/status/wire.hpp"

namespace hailstone::status {
namespace {

using http::Reply;
using http::Request;

constexpr int kOk = 200;
constexpr int kUnavailable = 503;

void send(Reply& reply, int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  reply.send(std::move(response));
}

void add_get(http::Router& router, const char* path, http::Handler handler,
             http::Cost cost = http::Cost::kQuick) {
  http::Route route;
  route.pattern = path;
  route.cost = cost;
  route.handler = std::move(handler);
  router.add(std::move(route));
}

void send_status(SystemService& service, Reply& reply) {
  const auto reason = service.not_ready();
  send(reply, reason ? kUnavailable : kOk, write_status(reason));
}

void send_live(SystemService& service, Reply& reply) {
  const auto liveness = service.liveness();
  send(reply, liveness.is_alive() ? kOk : kUnavailable, write_live(liveness));
}

void send_ready(SystemService& service, Reply& reply) {
  const auto reason = service.not_ready();
  send(reply, reason ? kUnavailable : kOk, write_ready(reason));
}

void send_metrics(SystemService& service, Reply& reply) {
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = service.metrics();
  reply.send(std::move(response));
}

}  // namespace

void add_system_routes(http::Router& router, SystemService& service) {
  add_get(router, "/api/health",
          [&service](Request&, Reply& reply) { send(reply, kOk, write_health(service.health())); });
  add_get(router, "/health", [&service](Request&, Reply& reply) { send_status(service, reply); });
  // Whatever has become of the workers.
  add_get(
      router, "/health/live", [&service](Request&, Reply& reply) { send_live(service, reply); },
      http::Cost::kInstant);
  add_get(router, "/health/ready",
          [&service](Request&, Reply& reply) { send_ready(service, reply); });
  add_get(router, "/api/list-resources", [&service](Request&, Reply& reply) {
    send(reply, kOk, write_resources(service.resources()));
  });
  add_get(router, "/api/config", [&service](Request&, Reply& reply) {
    send(reply, kOk, write_config(service.in_force()));
  });
  add_get(router, "/metrics", [&service](Request&, Reply& reply) { send_metrics(service, reply); });
}

}  // namespace hailstone::status
