// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/classify/routes.hpp"

#include <utility>

#include "services/classify/service.hpp"
#include "services/classify/wire.hpp"
#include "services/picture/picture_reply.hpp"
#include "services/picture/picture_route.hpp"

namespace hailstone::classify {

void add_classify_routes(http::Router& router, ClassifyService& service) {
  router.add(picture::make_picture_route(
      "/api/classify", [&service](http::Request& request, http::Reply& reply) {
        const Task task = parse_task(picture::take_picture_request(request));
        const Result result = service.classify(task, request.run);
        picture::add_result_headers(reply, result.model, result.engine, result.timings);
        http::Response response;
        response.body = write_plain(result);
        reply.send(std::move(response));
      }));
}

}  // namespace hailstone::classify
