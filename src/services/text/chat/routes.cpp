// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/routes.hpp"

#include <utility>

#include "services/common/ollama_routes.hpp"
#include "services/text/chat/reply_writer.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/chat/wire_ollama.hpp"

namespace hailstone::chat {
namespace {

Delivery delivery_of(const Task& task) noexcept {
  return task.stream ? Delivery::kStreamed : Delivery::kWhole;
}

void handle_chat(ChatService& service, http::Request& request, http::Reply& reply) {
  const ChatTask task = parse_chat(std::exchange(request.body, {}));
  ReplyWriter writer(reply, {Shape::kChat, task.model}, delivery_of(task));
  writer.finish(service.chat(task, writer, request.run));
}

void handle_generate(ChatService& service, http::Request& request, http::Reply& reply) {
  const GenerateTask task = parse_generate(std::exchange(request.body, {}));
  ReplyWriter writer(reply, {Shape::kGenerate, task.model}, delivery_of(task));
  writer.finish(service.generate(task, writer, request.run));
}

}  // namespace

void add_chat_routes(http::Router& router, ChatService& service) {
  router.add(services::ollama_model_route("/api/chat",
                                          [&service](http::Request& request, http::Reply& reply) {
                                            handle_chat(service, request, reply);
                                          }));
  router.add(services::ollama_model_route("/api/generate",
                                          [&service](http::Request& request, http::Reply& reply) {
                                            handle_generate(service, request, reply);
                                          }));
}

}  // namespace hailstone::chat
