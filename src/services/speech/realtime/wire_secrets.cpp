// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/realtime/wire_secrets.hpp"

#include <nlohmann/json.hpp>

#include "http/json_fields.hpp"
#include "services/speech/realtime/wire_session.hpp"

namespace hailstone::realtime {
namespace {

using http::Fields;
using http::Json;

constexpr std::int64_t kShortest = 10;
constexpr std::int64_t kLongest = 7200;

std::int64_t to_seconds(WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

SessionKind read_kind(const Fields& session) {
  const std::string type = session.find_string("type").value_or("realtime");
  if (type == "transcription") return SessionKind::kTranscription;
  if (type == "realtime") return SessionKind::kRealtime;
  throw session.wrong("type", R"("realtime" or "transcription")");
}

}  // namespace

SecretRequest parse_secret_request(std::string_view body) {
  const Json json = http::parse_json_object(body.empty() ? "{}" : body);
  const Fields fields(json);
  SecretRequest request;
  if (const auto expiry = fields.find_object("expires_after")) {
    if (expiry->find_string("anchor").value_or("created_at") != "created_at") {
      throw expiry->wrong("anchor", "\"created_at\"");
    }
    request.life =
        std::chrono::seconds(expiry->find_int("seconds", kShortest, kLongest).value_or(600));
  }
  request.settings = "{}";
  if (const auto session = fields.find_object("session")) {
    request.kind = read_kind(*session);
    request.settings = http::to_text(session->json());
  }
  return request;
}

std::string write_secret(const ClientSecret& secret, const Session& session) {
  return http::to_text({{"value", secret.value},
                        {"expires_at", to_seconds(secret.expires)},
                        {"session", Json::parse(session.json)}});
}

SecretRequest parse_beta_request(std::string_view body, SessionKind kind) {
  const Json json = http::parse_json_object(body.empty() ? "{}" : body);
  SecretRequest request;
  request.kind = kind;
  request.settings = http::to_text(json);
  return request;
}

std::string write_beta_secret(const ClientSecret& secret, const Session& session) {
  Json json = Json::parse(write_session(session, Dialect::kBeta));
  json["client_secret"] = {{"value", secret.value}, {"expires_at", to_seconds(secret.expires)}};
  return http::to_text(json);
}

SessionKind kind_of(std::string_view settings) {
  const Json json = Json::parse(settings, nullptr, /*allow_exceptions=*/false);
  const bool is_transcription =
      json.is_object() && json.contains("type") && json["type"] == "transcription";
  return is_transcription ? SessionKind::kTranscription : SessionKind::kRealtime;
}

}  // namespace hailstone::realtime
