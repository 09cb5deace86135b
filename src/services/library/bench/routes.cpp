// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/routes.hpp"

#include <utility>

#include "http/ndjson.hpp"
#include "http/router.hpp"
#include "services/library/bench/service.hpp"
#include "services/library/bench/wire.hpp"

namespace hailstone::bench {
namespace {

void handle_bench(BenchService& service, http::Request& request, http::Reply& reply) {
  const Task task = parse_task(request.body);
  http::NdjsonWriter lines(reply);
  const Result result = service.measure(
      task, [&](const Progress& progress) { lines.write(write_progress(progress)); }, request.run);
  lines.write(write_result(result));
}

}  // namespace

void add_bench_routes(http::Router& router, BenchService& service) {
  http::Route bench;
  bench.method = http::Method::kPost;
  bench.pattern = "/api/bench";
  bench.handler = [&service](http::Request& request, http::Reply& reply) {
    handle_bench(service, request, reply);
  };
  bench.dialect = http::Dialect::kOllama;  // for its last line where it fails in mid-stream
  bench.cost = http::Cost::kWork;
  bench.lane = Lane::kBatch;
  bench.timeout = std::chrono::seconds::zero();
  router.add(std::move(bench));

  http::Route list;
  list.pattern = "/api/bench";
  list.handler = [&service](http::Request&, http::Reply& reply) {
    http::Response response;
    response.body = write_list(service.list());
    reply.send(std::move(response));
  };
  router.add(std::move(list));
}

}  // namespace hailstone::bench
