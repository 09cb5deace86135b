// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/openai/routes.hpp"

#include <chrono>
#include <utility>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "http/header_names.hpp"
#include "services/library/models/service.hpp"
#include "services/text/chat/service.hpp"
#include "services/text/dialect/openai_routes.hpp"
#include "services/text/embed/service.hpp"
#include "services/text/openai/chat_writer.hpp"
#include "services/text/openai/completion_writer.hpp"
#include "services/text/openai/sum.hpp"
#include "services/text/openai/wire_chat_request.hpp"
#include "services/text/openai/wire_models.hpp"

namespace hailstone::openai {
namespace {

using dialect::openai_model_route;
using dialect::openai_question_route;
using http::Method;
using http::Reply;
using http::Request;

ReplyHead make_head(std::string_view prefix, const std::string& model) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(system_clock().wall());
  return {make_id(prefix), model, now.time_since_epoch().count()};
}

/// Several choices of one seed would be the same.
void use_next_seed(inference::Sampling& sampling) {
  if (sampling.seed && *sampling.seed >= 0) sampling.seed = (*sampling.seed + 1) & INT64_MAX;
}

void handle_chat(const Services& services, Request& request, Reply& reply) {
  const ChatCall call = parse_chat(std::exchange(request.body, {}),
                                   dialect::for_request(services.remote_pictures, request.run));
  ChatWriter writer(reply, call, make_head("chatcmpl-", call.task.model));
  writer.end_choice(services.chat.chat(call.task, writer, request.run));
  chat::ChatTask next;
  if (call.choices > 1) next = call.task;
  for (int choice = 1; choice < call.choices; ++choice) {
    use_next_seed(next.options.sampling);
    writer.end_choice(services.chat.chat(next, writer, request.run));
  }
  writer.finish();
}

void set_prompt(chat::GenerateTask& task, const std::variant<std::string, TokenList>& prompt) {
  const auto* text = std::get_if<std::string>(&prompt);
  task.prompt = text != nullptr ? *text : "";
  task.context = text != nullptr ? TokenList{} : std::get<TokenList>(prompt);
}

void handle_completion(const Services& services, Request& request, Reply& reply) {
  const CompletionCall call = parse_completion(std::exchange(request.body, {}));
  CompletionWriter writer(reply, call, make_head("cmpl-", call.task.model));
  chat::Summary all;
  for (const auto& prompt : call.prompts) {
    chat::GenerateTask task = call.task;
    set_prompt(task, prompt);
    chat::Summary sum;
    for (int choice = 0; choice < call.choices; ++choice) {
      writer.begin_choice(call.echo ? task.prompt : "");
      const auto summary = services.chat.generate(task, writer, request.run);
      writer.end_choice(summary);
      add_choice(sum, summary);
      use_next_seed(task.options.sampling);
    }
    add_prompt(all, sum);
  }
  writer.finish(all);
}

void handle_embeddings(const Services& services, Request& request, Reply& reply) {
  const EmbeddingsCall call = parse_embeddings(std::exchange(request.body, {}));
  const auto result = services.embed.embed(call.task, request.run);
  reply.add_header(http::kEngineHeader, result.engine);
  if (result.truncated_inputs > 0) {
    reply.add_header(http::kTruncatedHeader, std::to_string(result.truncated_inputs) + " inputs");
  }
  http::Response response;
  response.body = write_embeddings(call.task.model, result, call.form);
  reply.send(std::move(response));
}

void send(Reply& reply, std::string body) {
  http::Response response;
  response.body = std::move(body);
  reply.send(std::move(response));
}

}  // namespace

void add_openai_routes(http::Router& router, const Services& services) {
  router.add(openai_model_route("/v1/chat/completions", [services](Request& request, Reply& reply) {
    handle_chat(services, request, reply);
  }));
  router.add(openai_model_route("/v1/completions", [services](Request& request, Reply& reply) {
    handle_completion(services, request, reply);
  }));
  router.add(openai_model_route("/v1/embeddings", [services](Request& request, Reply& reply) {
    handle_embeddings(services, request, reply);
  }));
  router.add(openai_question_route("/v1/models", [services](Request&, Reply& reply) {
    send(reply, write_models(services.models.list()));
  }));
  router.add(
      openai_question_route("/v1/models/{id...}", [services](Request& request, Reply& reply) {
        send(reply, write_model(services.models.find(request.params.at("id"))));
      }));
}

}  // namespace hailstone::openai
