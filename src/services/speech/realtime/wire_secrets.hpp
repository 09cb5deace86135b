// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/realtime/client_secrets and the older /v1/realtime/sessions. Pure.

#include <chrono>
#include <string>
#include <string_view>

#include "services/speech/realtime/client_secrets.hpp"
#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

struct SecretRequest {
  std::chrono::seconds life{600};
  SessionKind kind = SessionKind::kRealtime;
  std::string settings;  ///< of the session
};

/// {"expires_after":{"anchor","seconds"},"session":{...}}. Throws Error(kBadRequest) that names the
/// field.
SecretRequest parse_secret_request(std::string_view body);
/// {"value","expires_at","session"}
std::string write_secret(const ClientSecret& secret, const Session& session);

/// The beta's: the body is the session, the reply is it with
/// "client_secret":{"value","expires_at"}.
SecretRequest parse_beta_request(std::string_view body, SessionKind kind);
std::string write_beta_secret(const ClientSecret& secret, const Session& session);

/// Which kind of session settings are for.
SessionKind kind_of(std::string_view settings);

}  // namespace hailstone::realtime
