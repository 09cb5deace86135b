// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/rerank/routes.hpp"

#include <utility>

#include "base/duration.hpp"
#include "base/ids.hpp"
#include "http/header_names.hpp"
#include "services/text/dialect/openai_routes.hpp"
#include "services/text/rerank/service.hpp"
#include "services/text/rerank/wire_rerank.hpp"

namespace hailstone::rerank {
namespace {

void handle(RerankService& service, http::Request& request, http::Reply& reply) {
  const Call call = parse_rerank(std::exchange(request.body, {}));
  const Result result = service.rank(call.task, request.run);
  reply.add_header(http::kEngineHeader, result.engine);
  if (result.cut_keep_alive) {
    reply.add_header(http::kKeepAliveHeader, to_go_duration(*result.cut_keep_alive));
  }
  if (result.truncated_documents > 0) {
    reply.add_header(http::kTruncatedHeader,
                     std::to_string(result.truncated_documents) + " documents");
  }
  http::Response response;
  response.body = write_rerank(call, result, make_id("rerank-"));
  reply.send(std::move(response));
}

}  // namespace

void add_rerank_routes(http::Router& router, RerankService& service) {
  // The names that llama-server has for it.
  for (const char* path : {"/v1/rerank", "/v1/reranking", "/rerank", "/reranking"}) {
    router.add(
        dialect::openai_model_route(path, [&service](http::Request& request, http::Reply& reply) {
          handle(service, request, reply);
        }));
  }
}

}  // namespace hailstone::rerank
