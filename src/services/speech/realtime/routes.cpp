// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/routes.hpp"

#include <string>
#include <utility>

#include "base/strings.hpp"
#include "http/pipeline/access_rules.hpp"
#include "http/pipeline/error_reply.hpp"
#include "http/pipeline/upgrade.hpp"
#include "http/router.hpp"
#include "services/speech/realtime/realtime_talk.hpp"
#include "services/speech/realtime/wire_secrets.hpp"
#include "services/speech/realtime/wire_session.hpp"
#include "services/text/dialect/openai_routes.hpp"

namespace hailstone::realtime {
namespace {

/// A minute and a half of sound at 24 kHz in base64; clients send far less at a time.
constexpr ByteSize kMostMessage = ByteSize::mib(6);
/// Of a session. It is told, and kept.
constexpr std::chrono::hours kLongestSession{24};

std::string find(const http::Request& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Dialect dialect_of(const http::Request& request, const http::WebSocketSession& socket) {
  const auto beta = request.headers.find("OpenAI-Beta").value_or("");
  const auto offered = request.headers.find("Sec-WebSocket-Protocol").value_or("");
  constexpr std::string_view kBeta = "realtime=v1";
  const bool is_beta = beta.find(kBeta) != std::string_view::npos ||
                       socket.protocol() == "openai-beta.realtime-v1" ||
                       offered.find("openai-beta.realtime-v1") != std::string_view::npos;
  return is_beta ? Dialect::kBeta : Dialect::kGa;
}

/// The key that the client has come with.
std::optional<std::string> find_key(const http::Request& request) {
  if (const auto header = request.headers.find("Authorization")) {
    const auto key = http::find_bearer_key(*header);
    return key ? std::optional(std::string(*key)) : std::nullopt;
  }
  return http::find_key_in_protocols(request.headers);
}

std::int64_t in_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

SessionStart read_start(const http::Request& request, const ClientSecrets& secrets) {
  SessionStart start;
  start.model = find(request, "model");
  start.expires = in_seconds(system_clock().wall() + kLongestSession);
  if (find(request, "intent") == "transcription") start.kind = SessionKind::kTranscription;
  const auto key = find_key(request);
  if (const auto secret = key ? secrets.find(*key) : std::nullopt) {
    start.settings = secret->settings;
    start.kind = kind_of(secret->settings);
  }
  return start;
}

void hold_session(const voice::VoiceServices& services, const ClientSecrets& secrets,
                  const http::Request& request, http::WebSocketSession& socket) {
  const Deadline end = Deadline::in(kLongestSession);
  voice::TalkLoop loop(socket, request.run);
  Session session = make_session(read_start(request, secrets));
  RealtimeTalk realtime(services, std::move(session), dialect_of(request, socket), socket, loop);
  realtime.greet();
  loop.run(realtime.talk(), [&](http::WebSocketMessage&& message) {
    if (message.kind == http::WebSocketMessage::Kind::kBinary) {
      throw Error(ErrorCode::kUnsupported, "the Realtime API has text messages only",
                  "/api/voice takes sound in binary ones");
    }
    realtime.take(message.data);
    return !end.has_passed();
  });
}

void make_secret(ClientSecrets& secrets, const SecretRequest& request, http::Reply& reply,
                 std::string (*write)(const ClientSecret& secret, const Session& session),
                 Dialect dialect) {
  SessionStart start;
  start.kind = request.kind;
  // What cannot be is said now, not when the browser connects.
  Session session = update_session(make_session(start), request.settings, dialect);
  http::Response response;
  response.body = write(secrets.make(request.life, session.json), session);
  reply.send(std::move(response));
}

http::Route secret_route(std::string pattern, http::Handler handler) {
  return dialect::openai_route(http::Method::kPost, std::move(pattern), std::move(handler));
}

}  // namespace

void add_realtime_routes(http::Router& router, const voice::VoiceServices& services,
                         ClientSecrets& secrets) {
  http::Route live;
  live.method = http::Method::kGet;
  live.pattern = "/v1/realtime";
  live.dialect = http::Dialect::kOpenAi;
  live.max_body = kMostMessage;
  live.protocols = {"realtime", "openai-beta.realtime-v1"};
  live.own_key = [&secrets](std::string_view key) { return secrets.find(key).has_value(); };
  live.web_socket = [services, &secrets](const http::Request& request,
                                         http::WebSocketSession& socket) {
    hold_session(services, secrets, request, socket);
  };
  router.add(std::move(live));
  router.add(secret_route(
      "/v1/realtime/client_secrets", [&secrets](http::Request& request, http::Reply& reply) {
        make_secret(secrets, parse_secret_request(request.body), reply, write_secret, Dialect::kGa);
      }));
  router.add(
      secret_route("/v1/realtime/sessions", [&secrets](http::Request& request, http::Reply& reply) {
        make_secret(secrets, parse_beta_request(request.body, SessionKind::kRealtime), reply,
                    write_beta_secret, Dialect::kBeta);
      }));
  router.add(secret_route("/v1/realtime/transcription_sessions", [&secrets](http::Request& request,
                                                                            http::Reply& reply) {
    make_secret(secrets, parse_beta_request(request.body, SessionKind::kTranscription), reply,
                write_beta_secret, Dialect::kBeta);
  }));
  router.add(secret_route("/v1/realtime/calls", [](http::Request&, http::Reply&) {
    throw http::StatusError(501, "WebRTC is not spoken here",
                            "connect a WebSocket to /v1/realtime instead");
  }));
}

}  // namespace hailstone::realtime
