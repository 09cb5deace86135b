// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/catalog/routes.hpp"

#include <utility>

#include "http/router.hpp"
#include "services/common/ollama_routes.hpp"
#include "services/library/catalog/service.hpp"
#include "services/library/catalog/wire.hpp"

namespace hailstone::catalog {

void add_catalog_routes(http::Router& router, CatalogService& service) {
  http::Route route;
  route.pattern = "/api/catalog";
  route.cost = http::Cost::kLong;  // which engines work may have to be found out
  route.handler = [&service](http::Request& request, http::Reply& reply) {
    http::Response response;
    response.body = write_catalog(service.list(parse_query(request.query)));
    reply.send(std::move(response));
  };
  router.add(std::move(route));
  const auto add = [&](const char* pattern, auto write) {
    router.add(services::ollama_question_route(
        http::Method::kGet, pattern, [&service, write](http::Request&, http::Reply& reply) {
          http::Response response;
          response.body = write(service.list({}));
          reply.send(std::move(response));
        }));
  };
  add("/api/experimental/model-recommendations", write_recommendations);
  add("/hailo/v1/list", write_hailo_list);
}

}  // namespace hailstone::catalog
