// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/dispatch.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "http/pipeline/error_reply.hpp"
#include "http/pipeline/target.hpp"
#include "http/router.hpp"

namespace hailstone::http {
namespace {

constexpr std::array kMethods = {Method::kGet,   Method::kHead,   Method::kPost,   Method::kPut,
                                 Method::kPatch, Method::kDelete, Method::kOptions};

class KeptReply final : public Reply, private ResponseStream {
 public:
  explicit KeptReply(ByteSize max_reply) : max_reply_(max_reply) {}

  void add_header(std::string name, std::string value) override {
    if (started()) throw std::logic_error("a header after the reply has begun");
    response_.headers.add(std::move(name), std::move(value));
  }
  void send(Response response) override {
    begin(response.status, std::move(response.content_type));
    for (const auto& [name, value] : response.headers.all()) response_.headers.add(name, value);
    write(response.body);
  }
  ResponseStream& stream(int status, std::string content_type) override {
    begin(status, std::move(content_type));
    return *this;
  }
  bool started() const noexcept override { return is_started_; }

  Response take() { return std::move(response_); }

 private:
  void begin(int status, std::string content_type) {
    if (started()) throw std::logic_error("a second reply");
    is_started_ = true;
    response_.status = status;
    response_.content_type = std::move(content_type);
  }
  void write(std::string_view piece) override {
    if (response_.body.size() + piece.size() > max_reply_.count()) {
      throw Error(ErrorCode::kTooLarge, "the reply is larger than " + to_string(max_reply_));
    }
    response_.body += piece;
  }

  const ByteSize max_reply_;
  bool is_started_ = false;
  Response response_;
};

/// All of a body that is there already.
class WholeBody final : public BodyStream {
 public:
  explicit WholeBody(std::string body) : body_(std::move(body)) {}
  std::string read() override { return std::exchange(body_, {}); }

 private:
  std::string body_;
};

Router::Match find_route(const Router& router, Request& request, std::string_view raw_target,
                         Dialect& dialect) {
  auto match = router.find(request.method, split_target(raw_target).path);
  if (match.route == nullptr) {
    throw Error(ErrorCode::kNotFound, std::string(to_string(request.method)) + " " + request.path +
                                          " is no route of this service");
  }
  dialect = match.route->dialect;
  if (request.body.size() > match.route->max_body.count()) {
    throw body_too_large(match.route->max_body.count());
  }
  request.params = std::move(match.params);
  return match;
}

}  // namespace

Request make_request(std::string_view method_name, std::string_view raw_target,
                     std::string content_type, std::string body) {
  const Target target = split_target(raw_target);
  Request request;
  bool is_known = false;
  for (const Method method : kMethods) {
    if (to_string(method) != method_name) continue;
    request.method = method;
    is_known = true;
  }
  if (!is_known) {
    throw Error(ErrorCode::kBadRequest, "'" + std::string(method_name) + "' is no method",
                "POST, GET, PUT, PATCH, DELETE");
  }
  for (const auto& part : parse_path(target.path)) request.path += "/" + part;
  request.query = parse_query(target.query);
  if (!content_type.empty()) request.headers.add("Content-Type", std::move(content_type));
  request.body = std::move(body);
  return request;
}

Dispatched dispatch(const Router& router, Request request, std::string_view raw_target,
                    ByteSize max_reply) {
  KeptReply reply(max_reply);
  Dialect dialect = Dialect::kPlain;
  try {
    const auto match = find_route(router, request, raw_target, dialect);
    const Route& route = *match.route;
    WholeBody stream(route.body == BodyMode::kStreamed ? std::exchange(request.body, {}) : "");
    if (route.body == BodyMode::kStreamed) request.body_stream = &stream;
    request.run.check();
    route.handler(request, reply);
    if (!reply.started()) throw Error(ErrorCode::kInternal, "the handler gave no reply");
    return {reply.take(), std::nullopt};
  } catch (...) {  // as at the top of a connection's work
    const Refusal refusal = current_refusal();
    return {render_error(refusal, dialect, request.id), refusal.error};
  }
}

}  // namespace hailstone::http
