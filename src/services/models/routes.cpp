// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/models/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/models/service.hpp"
#include "services/models/wire_ollama.hpp"
#include "services/models/wire_plan.hpp"

namespace hailstone::models {
namespace {

using http::Method;
using http::Reply;
using http::Request;

void send(Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

void send_greeting(Request&, Reply& reply) {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "Ollama is running";  // clients look for these words
  reply.send(std::move(response));
}

http::Route make_route(Method method, const char* path, http::Handler handler) {
  http::Route route;
  route.method = method;
  route.pattern = path;
  route.handler = std::move(handler);
  route.dialect = http::Dialect::kOllama;
  return route;
}

}  // namespace

void add_models_routes(http::Router& router, ModelsService& service, const std::string& version) {
  router.add(make_route(Method::kGet, "/", send_greeting));
  router.add(
      make_route(Method::kGet, "/api/version",
                 [body = write_version(version)](Request&, Reply& reply) { send(reply, body); }));
  router.add(make_route(Method::kGet, "/api/tags", [&service](Request&, Reply& reply) {
    send(reply, write_tags(service.list()));
  }));
  router.add(make_route(Method::kGet, "/api/ps", [&service](Request&, Reply& reply) {
    send(reply, write_ps(service.running(), service.queue()));
  }));
  router.add(make_route(Method::kPost, "/api/show", [&service](Request& request, Reply& reply) {
    const ShowTask task = parse_show(request.body);
    send(reply, write_show(task, service.show(task)));
  }));
  auto unload =
      make_route(Method::kPost, "/api/unload", [&service](Request& request, Reply& reply) {
        send(reply, write_unloaded(service.unload(parse_unload(request.body))));
      });
  unload.dialect = http::Dialect::kPlain;  // Ollama has no such route
  router.add(std::move(unload));
  auto plan =
      make_route(Method::kPost, "/api/models/plan", [&service](Request& request, Reply& reply) {
        const PlanTask task = parse_plan(request.body);
        send(reply, write_plan(task.model, service.plan(task)));
      });
  plan.dialect = http::Dialect::kPlain;
  router.add(std::move(plan));
}

}  // namespace hailstone::models
