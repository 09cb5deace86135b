// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/models/cloud_routes.hpp"

#include <utility>

#include "base/error.hpp"
#include "services/common/ollama_routes.hpp"

namespace hailstone::models {
namespace {

using http::Method;
using http::Reply;
using http::Request;
using services::ollama_route;

/// Its app polls this, and then leaves the cloud alone.
void send_status(Request&, Reply& reply) {
  http::Response response;
  response.body = R"({"cloud":{"disabled":true,"source":"config"}})";
  reply.send(std::move(response));
}

[[noreturn]] void refuse_account(Request&, Reply&) {
  throw Error(ErrorCode::kUnauthorized, "unauthorized",
              "this server has no cloud and no accounts; models run here");
}

[[noreturn]] void refuse_cloud(Request&, Reply&) {
  throw Error(ErrorCode::kForbidden, "this server has no cloud: nothing is searched or fetched",
              "a tool of the client's own can do it");
}

}  // namespace

void add_cloud_routes(http::Router& router) {
  router.add(ollama_route(Method::kGet, "/api/status", send_status));
  router.add(ollama_route(Method::kPost, "/api/me", refuse_account));
  router.add(ollama_route(Method::kPost, "/api/signout", refuse_account));
  router.add(ollama_route(Method::kDelete, "/api/user/keys/{key}", refuse_account));
  for (const char* path : {"/api/experimental/web_search", "/api/experimental/web_fetch",
                           "/api/web_search", "/api/web_fetch"}) {
    router.add(ollama_route(Method::kPost, path, refuse_cloud));
  }
}

}  // namespace hailstone::models
