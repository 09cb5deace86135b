// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/vision_task.hpp"

#include <utility>

#include "services/vision/picture/picture_reply.hpp"
#include "services/vision/picture/picture_route.hpp"
#include "services/vision/picture/upload/options.hpp"

namespace hailstone::picture {

void add_task_route(http::Router& router, VisionTask task) {
  std::string path = "/api/" + task.name;
  router.add(make_picture_route(
      std::move(path), [task = std::move(task)](http::Request& request, http::Reply& reply) {
        auto upload = take_picture_request(request);
        check_options(upload, task.options);
        const Analysis analyse = task.prepare(upload);
        auto photos = take_photos(upload);
        Answer answer = analyse(photos, request.run);
        add_result_headers(reply, answer.model, answer.engine, answer.timings);
        reply.send(std::move(answer.response));
      }));
}

}  // namespace hailstone::picture
