// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/anthropic/routes.hpp"

#include <utility>

#include "base/ids.hpp"
#include "services/text/anthropic/message_writer.hpp"
#include "services/text/anthropic/wire_request.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/dialect/openai_routes.hpp"

namespace hailstone::anthropic {
namespace {

using http::Reply;
using http::Request;

http::Route route(std::string pattern, http::Handler handler) {
  http::Route route = dialect::openai_model_route(std::move(pattern), std::move(handler));
  route.dialect = http::Dialect::kAnthropic;
  return route;
}

void handle_messages(chat::ChatService& service, const dialect::RemotePictures& remote,
                     Request& request, Reply& reply) {
  const auto task =
      parse_messages(std::exchange(request.body, {}), dialect::for_request(remote, request.run));
  MessageWriter writer(reply, {make_id("msg_"), task.model},
                       task.stream ? Delivery::kStreamed : Delivery::kWhole);
  writer.finish(service.chat(task, writer, request.run));
}

void handle_count(chat::ChatService& service, const dialect::RemotePictures& remote,
                  Request& request, Reply& reply) {
  const auto task =
      parse_count(std::exchange(request.body, {}), dialect::for_request(remote, request.run));
  http::Response response;
  response.body = write_count(service.count_tokens(task, request.run));
  reply.send(std::move(response));
}

}  // namespace

void add_anthropic_routes(http::Router& router, chat::ChatService& service,
                          dialect::RemotePictures remote) {
  router.add(route("/v1/messages", [&service, remote](Request& request, Reply& reply) {
    handle_messages(service, remote, request, reply);
  }));
  router.add(route("/v1/messages/count_tokens", [&service, remote](Request& request, Reply& reply) {
    handle_count(service, remote, request, reply);
  }));
}

}  // namespace hailstone::anthropic
