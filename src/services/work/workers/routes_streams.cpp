// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
// The routes of a stream worker: start, list, look at, follow, stop.

#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "http/header_names.hpp"
#include "http/ndjson.hpp"
#include "http/sse.hpp"
#include "services/work/workers/routes.hpp"
#include "services/work/workers/service.hpp"
#include "services/work/workers/stream_runs.hpp"
#include "services/work/workers/wire.hpp"
#include "services/work/workers/wire_request.hpp"

namespace hailstone::workers {
namespace {

using http::Method;
using http::Reply;
using http::Request;
using inference::WorkerPtr;

constexpr std::string_view kBoundary = "hailstone-picture";

void send(Reply& reply, std::string body, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  reply.send(std::move(response));
}

bool accepts(const Request& request, std::string_view type) {
  return request.headers.find("Accept").value_or("").find(type) != std::string_view::npos;
}

bool asks_to_follow(const Request& request) {
  const auto follow = request.query.find("follow");
  return follow != request.query.end() && follow->second != "false" && follow->second != "0";
}

/// Where a client that lost its connection goes on.
std::uint64_t last_seen(const Request& request) {
  const auto after = request.query.find("after");
  const std::string_view text = after != request.query.end()
                                    ? std::string_view(after->second)
                                    : request.headers.find("Last-Event-ID").value_or("");
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void follow_events(StreamRuns& runs, const WorkerPtr& worker, const std::string& id,
                   Request& request, Reply& reply) {
  http::NdjsonWriter lines(reply);
  http::SseWriter events(reply);
  const bool as_lines = accepts(request, "application/x-ndjson");
  if (!as_lines) events.start();
  std::uint64_t seen = last_seen(request);
  for (;;) {
    const auto fresh = runs.wait_for_events(worker->name, id, seen, request.run);
    if (fresh.empty()) break;
    for (const auto& event : fresh) {
      seen = event.number;
      as_lines ? lines.write(event.json)
               : events.send_named({}, event.json, std::to_string(event.number));
    }
  }
  if (!reply.started()) send(reply, "");
}

/// Ends what a client has started for itself alone.
struct StopAtEnd {
  StreamRuns& runs;
  const WorkerPtr& worker;
  const std::string id;
  ~StopAtEnd() { runs.stop(worker->name, id); }
};

void start(StreamRuns& runs, const WorkerPtr& worker, Request& request, Reply& reply) {
  const auto status = runs.start(worker, take_arguments(*worker, request));
  reply.add_header(http::kModelHeader, worker->name);
  reply.add_header(http::kEngineHeader, "worker");
  if (accepts(request, http::kEventStream) || accepts(request, "application/x-ndjson")) {
    const StopAtEnd guard{runs, worker, status.id};
    return follow_events(runs, worker, status.id, request, reply);
  }
  reply.add_header("Location", worker->route + "/" + status.id);
  send(reply, write_stream(status, worker->route), 201);
}

std::string_view bytes_of(const inference::Blob& blob) {
  return {reinterpret_cast<const char*>(blob.data.data()), blob.data.size()};
}

/// As browsers show it: each picture takes the place of the one before.
void follow_pictures(StreamRuns& runs, const WorkerPtr& worker, const std::string& id,
                     Request& request, Reply& reply) {
  http::ResponseStream* stream = nullptr;
  std::uint64_t seen = 0;
  while (const auto next = runs.wait_for_picture(worker->name, id, seen, request.run)) {
    seen = next->first;
    if (stream == nullptr) {
      reply.add_header("Cache-Control", "no-store");
      stream = &reply.stream(200, "multipart/x-mixed-replace; boundary=" + std::string(kBoundary));
    }
    const auto bytes = bytes_of(next->second);
    std::string part = "--" + std::string(kBoundary) +
                       "\r\nContent-Type: " + next->second.media_type +
                       "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n";
    part.append(bytes).append("\r\n");
    stream->write(part);
  }
  if (stream == nullptr) throw Error(ErrorCode::kNotFound, "the stream " + id + " had no picture");
}

void send_picture(StreamRuns& runs, const WorkerPtr& worker, Request& request, Reply& reply) {
  const std::string& id = request.params.at("id");
  if (asks_to_follow(request)) return follow_pictures(runs, worker, id, request, reply);
  const auto last = runs.wait_for_picture(worker->name, id, 0, request.run);
  if (!last) throw Error(ErrorCode::kNotFound, "the stream " + id + " had no picture");
  http::Response response;
  response.content_type = last->second.media_type;
  response.body = bytes_of(last->second);
  response.headers.add("Cache-Control", "no-store");
  reply.send(std::move(response));
}

}  // namespace

std::vector<http::Route> make_stream_routes(WorkerService& service, StreamRuns& runs,
                                            const WorkerPtr& worker) {
  std::vector<http::Route> routes;
  const auto add = [&](Method method, const char* rest, http::Cost cost, auto handler) {
    http::Route route;
    route.method = method;
    route.pattern = worker->route + rest;
    route.cost = cost;
    route.timeout = std::chrono::seconds::zero();
    route.lane = worker->lane;
    route.handler = [&runs, worker, handler](Request& request, Reply& reply) {
      handler(runs, worker, request, reply);
    };
    routes.push_back(std::move(route));
  };
  using http::Cost;
  using Runs = StreamRuns;
  add(Method::kPost, "", Cost::kWork, start);
  routes.back().max_body = make_route(service, worker).max_body;
  add(Method::kGet, "", Cost::kQuick, [](Runs& all, const WorkerPtr& of, Request&, Reply& reply) {
    send(reply, write_streams(all.list(of->name), of->route));
  });
  add(Method::kGet, "/{id}", Cost::kQuick,
      [](Runs& all, const WorkerPtr& of, Request& request, Reply& reply) {
        send(reply, write_stream(all.find(of->name, request.params.at("id")), of->route));
      });
  add(Method::kDelete, "/{id}", Cost::kQuick,
      [](Runs& all, const WorkerPtr& of, Request& request, Reply& reply) {
        send(reply, write_stream(all.stop(of->name, request.params.at("id")), of->route));
      });
  add(Method::kGet, "/{id}/events", Cost::kWork,
      [](Runs& all, const WorkerPtr& of, Request& request, Reply& reply) {
        const std::string& id = request.params.at("id");
        all.find(of->name, id);  // a wrong one is an error, not an empty stream
        follow_events(all, of, id, request, reply);
      });
  add(Method::kGet, "/{id}/picture", Cost::kWork, send_picture);
  return routes;
}

}  // namespace hailstone::workers
