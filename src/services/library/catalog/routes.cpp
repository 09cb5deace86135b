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
  route.handler = [&service](http::Request& request, http::Reply& reply) {
    http::Response response;
    response.body = write_catalog(service.list(parse_query(request.query)));
    reply.send(std::move(response));
  };
  router.add(std::move(route));
  router.add(services::ollama_route(http::Method::kGet, "/api/experimental/model-recommendations",
                                    [&service](http::Request&, http::Reply& reply) {
                                      http::Response response;
                                      response.body = write_recommendations(service.list({}));
                                      reply.send(std::move(response));
                                    }));
  router.add(services::ollama_route(http::Method::kGet, "/hailo/v1/list",
                                    [&service](http::Request&, http::Reply& reply) {
                                      http::Response response;
                                      response.body = write_hailo_list(service.list({}));
                                      reply.send(std::move(response));
                                    }));
}

}  // namespace hailstone::catalog
