// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/models/routes.hpp"

#include <utility>

#include "services/common/ollama_routes.hpp"
#include "services/library/models/cloud_routes.hpp"
#include "services/library/models/service.hpp"
#include "services/library/models/wire_ollama.hpp"
#include "services/library/models/wire_plan.hpp"

namespace hailstone::models {
namespace {

using http::Method;
using http::Reply;
using http::Request;
using services::ollama_question_route;
using services::ollama_route;

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

}  // namespace

void add_models_routes(http::Router& router, ModelsService& service, const std::string& version) {
  router.add(ollama_route(Method::kGet, "/", send_greeting));
  router.add(
      ollama_route(Method::kGet, "/api/version",
                   [body = write_version(version)](Request&, Reply& reply) { send(reply, body); }));
  router.add(ollama_question_route(Method::kGet, "/api/tags", [&service](Request&, Reply& reply) {
    send(reply, write_tags(service.list()));
  }));
  router.add(ollama_route(Method::kGet, "/api/ps", [&service](Request&, Reply& reply) {
    send(reply, write_ps(service.running(), service.queue()));
  }));
  router.add(
      ollama_question_route(Method::kPost, "/api/show", [&service](Request& request, Reply& reply) {
        const ShowTask task = parse_show(request.body);
        send(reply, write_show(task, service.show(task)));
      }));
  add_cloud_routes(router);
  // Our own, not Ollama's.
  router.add({.method = Method::kPost,
              .pattern = "/api/unload",
              .handler = [&service](Request& request, Reply& reply) {
                send(reply, write_unloaded(service.unload(parse_unload(request.body))));
              }});
  router.add({.method = Method::kPost,
              .pattern = "/api/models/plan",
              .handler =
                  [&service](Request& request, Reply& reply) {
                    const PlanTask task = parse_plan(request.body);
                    send(reply, write_plan(task.model, service.plan(task)));
                  },
              .cost = http::Cost::kLong});
}

}  // namespace hailstone::models
