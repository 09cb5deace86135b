// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/depth/routes.hpp"

#include <utility>

#include "http/header_names.hpp"
#include "services/depth/service.hpp"
#include "services/depth/wire.hpp"
#include "services/picture/picture_reply.hpp"
#include "services/picture/picture_route.hpp"

namespace hailstone::depth {

void add_depth_routes(http::Router& router, DepthService& service) {
  router.add(picture::make_picture_route(
      "/api/depth", [&service](http::Request& request, http::Reply& reply) {
        const Task task = parse_task(picture::take_picture_request(request));
        const Result result = service.measure(task, request.run);
        DepthFile file = write_depth(result.depth, task.format, task.colormap);
        picture::add_result_headers(reply, result.model, result.engine, result.timings);
        reply.add_header(http::kDepthHeader, std::move(file.figures));
        http::Response response;
        response.content_type = std::move(file.content_type);
        response.body = std::move(file.bytes);
        reply.send(std::move(response));
      }));
}

}  // namespace hailstone::depth
