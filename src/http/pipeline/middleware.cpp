// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/middleware.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/strings.hpp"
#include "http/header_names.hpp"
#include "http/pipeline/cors.hpp"
#include "http/pipeline/target.hpp"
#include "http/pipeline/upgrade.hpp"
#include "log/log.hpp"

namespace hailstone::http {
namespace {

constexpr std::size_t kMaxTarget = 8 << 10;
/// Browsers with many cookies, behind proxies that add theirs.
constexpr std::size_t kMaxHeaders = 200;
constexpr std::size_t kMaxRequestId = 128;

bool is_sane_id(std::string_view id) noexcept {
  constexpr std::string_view kOthers = "-_.:";
  return !id.empty() && id.size() <= kMaxRequestId &&
         std::all_of(id.begin(), id.end(), [kOthers](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kOthers.find(c) != std::string_view::npos;
         });
}

void give_request_id(const Site&, Exchange& exchange) {
  const auto given = exchange.request.headers.find("X-Request-Id");
  exchange.request.id = given && is_sane_id(*given) ? std::string(*given) : make_id("req_");
  exchange.reply_headers.add("X-Request-Id", exchange.request.id);
}

void check_limits(const Site&, Exchange& exchange) {
  if (exchange.request.headers.all().size() > kMaxHeaders) {
    throw StatusError(431, "more than " + std::to_string(kMaxHeaders) + " header fields");
  }
  if (exchange.envelope.target.size() > kMaxTarget) {
    throw StatusError(414, "the URL is longer than " + std::to_string(kMaxTarget) + " bytes");
  }
}

void check_host(const Site& site, Exchange& exchange) {
  const auto& request = exchange.request;
  int hosts = 0;
  for (const auto& [name, value] : request.headers.all()) {
    if (equals_ignoring_case(name, "Host")) ++hosts;
  }
  if (hosts > 1 || (hosts == 0 && !exchange.envelope.is_http_1_0)) {
    throw Error(ErrorCode::kBadRequest, "a request has exactly one Host header");
  }
  const auto in_url = split_target(exchange.envelope.target).authority;
  const std::array named{request.headers.find("Host").value_or(""), in_url};
  for (const auto host : named) {
    if (is_allowed_host(host, exchange.envelope.own_address, site.hosts)) continue;
    throw Error(
        ErrorCode::kForbidden,
        "the host " + log::quoted(host) + " is not served here; the setting hosts allows it",
        "HAILSTONE_HOSTS=NAME or --hosts NAME; localhost and IP addresses always work");
  }
}

/// "[fe80::1]:80" -> "fe80::1"
std::string_view address_of(std::string_view peer) {
  const auto host = peer.substr(0, peer.rfind(':'));
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

/// 308, as 301 would turn a POST into a GET.
void redirect_to_https(const Site& site, Exchange& exchange) {
  const auto& envelope = exchange.envelope;
  if (site.https_port == 0 || envelope.is_secure) return;
  const auto& proxies = site.options.trusted_proxies;
  const auto peer = address_of(exchange.request.peer);
  const bool is_trusted = std::any_of(proxies.begin(), proxies.end(), [&](const auto& pattern) {
    return matches_pattern(pattern, peer);
  });
  if (is_trusted) return;
  const auto named = exchange.request.headers.find("Host").value_or("");
  const std::string host = named.empty() ? envelope.own_address : parse_endpoint(named, 0).host;
  const auto parts = split_target(envelope.target);
  std::string place =
      "https://" + to_string(Endpoint{host, site.https_port}) + std::string(parts.path);
  if (!parts.query.empty()) place += "?" + std::string(parts.query);
  throw StatusError(308, "from other machines this server is used over HTTPS", place)
      .add_header("Location", place);
}

void check_origin(const Site& site, Exchange& exchange) {
  const auto origin = exchange.request.headers.find("Origin");
  if (!origin) return;
  const auto host = exchange.request.headers.find("Host").value_or("");
  if (!is_allowed_origin(*origin, host, site.options.allowed_origins)) {
    throw Error(ErrorCode::kForbidden,
                "pages of " + log::quoted(*origin) +
                    " may not call this server; the setting origins allows them",
                "HAILSTONE_ORIGINS=ORIGIN, OLLAMA_ORIGINS or --origins ORIGIN");
  }
  add_cors_headers(*origin, exchange.reply_headers);
}

// "/api/chat/" is "/api/chat", unless the former has a route of its own.
Router::Match find_match(const Router& router, Method method, std::string_view path) {
  auto match = router.find(method, path);
  const bool has_slash = path.size() > 1 && path.ends_with('/') && !path.ends_with("//");
  if (match.allowed.empty() && has_slash) {
    match = router.find(method, path.substr(0, path.size() - 1));
  }
  return match;
}

void find_route(const Site& site, Exchange& exchange) {
  auto& request = exchange.request;
  const auto target = split_target(exchange.envelope.target);
  const bool is_openai = target.path == "/v1" || target.path.substr(0, 4) == "/v1/";
  const bool is_deepstack = target.path.substr(0, 11) == "/v1/vision/";
  exchange.dialect = is_deepstack ? Dialect::kDeepStack
                     : is_openai  ? Dialect::kOpenAi
                                  : Dialect::kPlain;
  if (target.path == "*") return;
  exchange.match = find_match(site.router, request.method, target.path);
  if (!exchange.envelope.is_known_method) exchange.match.route = nullptr;
  if (exchange.route() != nullptr) exchange.dialect = exchange.route()->dialect;
  request.params = exchange.match.params;
  request.query = parse_query(target.query);
  request.path = target.path;
  if (target.path.find('%') != std::string_view::npos) {
    request.path.clear();
    for (const auto& part : parse_path(target.path)) request.path.append("/").append(part);
  }
}

std::string allowed_methods(const Router::Match& match) {
  std::string text;
  for (const auto method : match.allowed) text.append(to_string(method)).append(", ");
  return text + "OPTIONS";
}

std::string given_authorization(const Request& request) {
  if (const auto header = request.headers.find("Authorization")) return std::string(*header);
  // Anthropic's clients.
  if (const auto key = request.headers.find("x-api-key")) return "Bearer " + std::string(*key);
  if (!asks_for_web_socket(request.headers)) return {};
  const auto key = find_key_in_protocols(request.headers);
  return key ? "Bearer " + *key : std::string();
}

bool has_key(const Site& site, const Request& request) {
  const auto& keys = site.options.api_keys;
  return keys.empty() || has_valid_key(given_authorization(request), keys);
}

bool has_own_key(const Route& route, std::string_view authorization) {
  const auto key = find_bearer_key(authorization);
  return route.own_key && key && route.own_key(*key);
}

// Browsers send no key with a preflight: it is answered, but alike for what exists and what does
// not.
void answer_options(const Site& site, Exchange& exchange) {
  const bool is_options =
      exchange.request.method == Method::kOptions && exchange.envelope.is_known_method;
  if (!is_options) return;
  const bool may_know = has_key(site, exchange.request);
  const bool is_unknown = exchange.match.allowed.empty() && exchange.envelope.target != "*";
  if (may_know && is_unknown) return;
  Response response;
  response.status = 204;
  const auto methods = may_know ? allowed_methods(exchange.match)
                                : std::string("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  response.headers.add("Allow", methods);
  add_preflight_headers(exchange.request.headers, methods, response.headers);
  exchange.answer = std::move(response);
}

void check_key(const Site& site, Exchange& exchange) {
  if (exchange.answer || has_key(site, exchange.request)) return;
  if (exchange.request.path == "/health/live") return;  // for supervisors; it names nothing
  const auto given = given_authorization(exchange.request);
  const auto place = exchange.route() == nullptr ? KeyPlace::kInHeader : exchange.route()->key;
  if (place == KeyPlace::kNone) return;
  if (exchange.route() != nullptr && has_own_key(*exchange.route(), given)) return;
  if (place == KeyPlace::kInForm && given.empty()) {  // the form is not there yet
    const auto in_url = exchange.request.query.find("api_key");
    const bool is_known = in_url != exchange.request.query.end() &&
                          is_valid_key(in_url->second, site.options.api_keys);
    exchange.is_unproven = !is_known;
    return;
  }
  throw Error(ErrorCode::kUnauthorized, given.empty() ? "an API key is needed" : "wrong API key",
              "send it as: Authorization: Bearer KEY");
}

void refuse_unknown(const Site&, Exchange& exchange) {
  if (exchange.answer || exchange.route() != nullptr) return;
  const auto& path = exchange.request.path;
  if (exchange.match.allowed.empty()) {
    throw Error(ErrorCode::kNotFound,
                "there is no " + (path.empty() ? exchange.envelope.target : path));
  }
  const auto methods = allowed_methods(exchange.match);
  throw StatusError(405, "method not allowed", path + " takes " + methods)
      .add_header("Allow", methods);
}

void choose_lane(const Site&, Exchange& exchange) {
  auto& lane = exchange.request.run.lane;
  if (exchange.route() != nullptr) lane = exchange.route()->lane;
  const auto given = exchange.request.headers.find(kLaneHeader);
  if (!given) return;
  const auto named = find_lane(trim(*given));
  if (!named) {
    throw Error(ErrorCode::kBadRequest,
                std::string(kLaneHeader) + ": there is no lane " + log::quoted(*given),
                "interactive, live and batch work");
  }
  lane = *named;
}

void check_body(const Site&, Exchange& exchange) {
  const auto& headers = exchange.request.headers;
  const auto encoding = headers.find("Content-Encoding").value_or("identity");
  if (!equals_ignoring_case(trim(encoding), "identity")) {
    throw StatusError(415, "compressed request bodies are not supported",
                      "send the body as it is, without Content-Encoding");
  }
  const bool has_expectation = headers.find("Expect") && !exchange.envelope.is_http_1_0;
  if (has_expectation && !exchange.envelope.expects_continue) {
    throw StatusError(417, "unknown expectation", "only 100-continue is known");
  }
  const auto limit = exchange.max_body();
  if (exchange.envelope.content_length.value_or(0) > limit) throw body_too_large(limit);
}

void choose_upgrade(const Site&, Exchange& exchange) {
  const auto* route = exchange.route();
  if (route == nullptr) return;
  const auto& headers = exchange.request.headers;
  const bool may_upgrade = route->web_socket && exchange.request.method == Method::kGet;
  if (may_upgrade && asks_for_web_socket(headers)) {
    check_upgrade(headers);
    const bool has_body = exchange.envelope.is_chunked || exchange.envelope.content_length > 0;
    if (has_body) throw Error(ErrorCode::kBadRequest, "an upgrade has no body");
    exchange.protocol = choose_protocol(headers, route->protocols);
  } else if (!route->handler) {
    throw StatusError(426, exchange.request.path + " is a WebSocket",
                      "open it as ws://, or wss:// behind HTTPS")
        .add_header("Upgrade", "websocket");
  }
}

void set_deadline(const Site&, Exchange& exchange) {
  const auto* route = exchange.route();
  if (route == nullptr || route->timeout.count() == 0) return;
  exchange.request.run.deadline = Deadline::at(exchange.envelope.arrived + route->timeout);
}

using Stage = void (*)(const Site&, Exchange&);

constexpr std::array kStages = {
    // First, so that every answer below carries it, refusals included.
    Stage{give_request_id},
    // Before anything looks at the header: what follows may take its size for granted.
    Stage{check_limits},
    // Before all that a page of a rebound name could learn from, the list of methods included.
    Stage{check_host},
    // After the host, which it names again; before the key is looked at, which belongs there.
    Stage{redirect_to_https},
    // After the host, which it compares with; before the rest, so that allowed pages can read
    // errors.
    Stage{check_origin},
    // Refuses only paths that cannot be decoded; all below need to know the route and its dialect.
    Stage{find_route},
    // Before the key: browsers send none with a preflight.
    Stage{answer_options},
    // Before 404 and 405: without a key nobody learns what exists.
    Stage{check_key}, Stage{refuse_unknown},
    // Of what is known and allowed.
    Stage{choose_lane},
    // Last of the checks, and before the first byte of the body is read.
    Stage{check_body}, Stage{choose_upgrade},
    // When nothing can refuse any more: the clock is the route's.
    Stage{set_deadline},
    // The body, the admission to a worker and the handler follow: loop/connection.cpp. Errors of
    // all
    // of these are rendered in Exchange, for each dialect in one place. count_reply() is the end.
};

// Work and refusals are news; lists and health checks that clients poll would fill the journal.
log::Level level_of(const Exchange& exchange, int status) noexcept {
  const auto* route = exchange.route();
  const bool is_work = route != nullptr && route->cost == Cost::kWork;
  return is_work || status >= 400 ? log::Level::kInfo : log::Level::kDebug;
}

/// What the handler told the client, too; "" where it has not.
std::string told_by(const Exchange& exchange, std::string_view header) {
  return std::string(exchange.reply_headers.find(header).value_or(""));
}

void log_access(const Exchange& exchange, int status, double seconds) {
  const auto level = level_of(exchange, status);
  if (!log::enabled(level)) return;
  const auto& request = exchange.request;
  const auto milliseconds = static_cast<long>(std::lround(seconds * 1000));
  log::write(level, "http", "request",
             {{"method", std::string(to_string(request.method))},
              {"path", request.path},
              {"status", std::to_string(status)},
              {"ms", std::to_string(milliseconds)},
              {"peer", request.peer},
              {"request", request.id},
              {"model", told_by(exchange, kModelHeader)},
              {"engine", told_by(exchange, kEngineHeader)}});
}

}  // namespace

void log_failure(const Error& error, const Request& request) {
  const bool is_internal = error.code() == ErrorCode::kInternal;
  if (!is_internal && error.code() != ErrorCode::kEngineFailed) return;
  log::write(is_internal ? log::Level::kError : log::Level::kWarning, "http", "a handler failed",
             {{"request", request.id},
              {"path", request.path},
              {"error", error.what()},
              {"detail", error.detail()}});
}

void check_header(const Site& site, Exchange& exchange) {
  for (const auto stage : kStages) stage(site, exchange);
}

void count_reply(Site& site, const Exchange& exchange, int status) noexcept {
  const auto arrived = exchange.envelope.arrived;
  const auto now = system_clock().now();
  const double seconds =
      arrived == SteadyTime{} ? 0 : std::chrono::duration<double>(now - arrived).count();
  site.metrics.of(exchange.route()).count(status, seconds);
  log_access(exchange, status, seconds);
}

}  // namespace hailstone::http
