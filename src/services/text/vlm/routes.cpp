// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/vlm/routes.hpp"

#include <chrono>
#include <utility>

#include "http/router.hpp"
#include "services/text/chat/reply_writer.hpp"
#include "services/text/vlm/service.hpp"
#include "services/text/vlm/wire_request.hpp"
#include "services/vision/picture/picture_route.hpp"
#include "services/vision/picture/upload/picture_request.hpp"

namespace hailstone::vlm {
namespace {

void handle(VlmService& service, http::Request& request, http::Reply& reply) {
  chat::GenerateTask task = make_task(picture::take_picture_request(request));
  if (task.model.empty()) task.model = service.default_model();
  chat::ReplyWriter writer(reply, {chat::Shape::kGenerate, task.model},
                           task.stream ? chat::Delivery::kStreamed : chat::Delivery::kWhole);
  writer.finish(service.ask(task, writer, request.run));
}

}  // namespace

void add_vlm_route(http::Router& router, VlmService& service) {
  auto route = picture::make_picture_route(
      "/api/vlm",
      [&service](http::Request& request, http::Reply& reply) { handle(service, request, reply); });
  route.timeout = std::chrono::seconds::zero();  // as long as the model writes
  router.add(std::move(route));
}

}  // namespace hailstone::vlm
