// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/embed/routes.hpp"

#include <utility>

#include "base/duration.hpp"
#include "http/header_names.hpp"
#include "services/common/ollama_routes.hpp"
#include "services/text/embed/service.hpp"
#include "services/text/embed/wire_ollama.hpp"

namespace hailstone::embed {
namespace {

void send(http::Reply& reply, const Result& result, std::string body) {
  if (!result.engine.empty()) reply.add_header(http::kEngineHeader, result.engine);
  if (result.cut_keep_alive) {
    reply.add_header(http::kKeepAliveHeader, to_go_duration(*result.cut_keep_alive));
  }
  if (result.truncated_inputs > 0) {
    reply.add_header(http::kTruncatedHeader, std::to_string(result.truncated_inputs) + " inputs");
  }
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

}  // namespace

void add_embed_routes(http::Router& router, EmbedService& service) {
  router.add(services::ollama_model_route(
      "/api/embed", [&service](http::Request& request, http::Reply& reply) {
        const Task task = parse_embed(std::exchange(request.body, {}));
        const Result result = service.embed(task, request.run);
        send(reply, result, write_embed(task.model, result));
      }));
  router.add(services::ollama_model_route(
      "/api/embeddings", [&service](http::Request& request, http::Reply& reply) {
        const Task task = parse_embeddings(std::exchange(request.body, {}));
        const Result result = service.embed(task, request.run);
        send(reply, result, write_embeddings(result));
      }));
}

}  // namespace hailstone::embed
