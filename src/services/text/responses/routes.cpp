// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/responses/routes.hpp"

#include <utility>

#include "log/log.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/dialect/openai_routes.hpp"
#include "services/text/responses/response_store.hpp"
#include "services/text/responses/response_writer.hpp"
#include "services/text/responses/wire_request.hpp"
#include "services/text/responses/wire_response.hpp"

namespace hailstone::responses {
namespace {

using http::Method;
using http::Reply;
using http::Request;

void send(Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

void keep(ResponseStore& store, const Call& call, const Response& response) {
  if (!call.store || !store.keeps()) return;
  store.save({response.id, call.previous, write_response(response, call.echo), call.input,
              write_items(response.output)});
}

void handle(chat::ChatService& service, ResponseStore& store, const dialect::RemotePictures& remote,
            Request& request, Reply& reply) {
  const Call call =
      parse_call(std::exchange(request.body, {}), store, dialect::for_request(remote, request.run));
  ResponseWriter writer(reply, call);
  try {
    writer.finish(service.chat(call.task, writer, request.run));
  } catch (...) {  // a stream tells of it in an event of its own
    const Error error = current_error();
    if (!writer.fail(error)) throw;
    log::warning("responses", "a response failed", {{"why", error.what()}});
  }
  // Before its end is told: who has read that may go on from it.
  keep(store, call, writer.response());
  writer.send();
}

void handle_count(chat::ChatService& service, ResponseStore& store,
                  const dialect::RemotePictures& remote, Request& request, Reply& reply) {
  const Call call =
      parse_call(std::exchange(request.body, {}), store, dialect::for_request(remote, request.run));
  send(reply, write_input_tokens(service.count_tokens(call.task, request.run)));
}

}  // namespace

void add_responses_routes(http::Router& router, chat::ChatService& service, ResponseStore& store,
                          dialect::RemotePictures remote) {
  router.add(dialect::openai_model_route(
      "/v1/responses", [&service, &store, remote](Request& request, Reply& reply) {
        handle(service, store, remote, request, reply);
      }));
  router.add(dialect::openai_model_route(
      "/v1/responses/input_tokens", [&service, &store, remote](Request& request, Reply& reply) {
        handle_count(service, store, remote, request, reply);
      }));
  router.add(dialect::openai_route(Method::kGet, "/v1/responses/{id}",
                                   [&store](Request& request, Reply& reply) {
                                     send(reply, store.require(request.params.at("id")));
                                   }));
  router.add(dialect::openai_route(Method::kDelete, "/v1/responses/{id}",
                                   [&store](Request& request, Reply& reply) {
                                     const std::string& id = request.params.at("id");
                                     store.erase(id);
                                     send(reply, write_deleted(id));
                                   }));
  router.add(dialect::openai_route(
      Method::kGet, "/v1/responses/{id}/input_items", [&store](Request& request, Reply& reply) {
        send(reply, write_input_items(store.input_items(request.params.at("id"))));
      }));
}

}  // namespace hailstone::responses
