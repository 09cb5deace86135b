// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's Realtime API: the WebSocket /v1/realtime, and what mints keys for browsers.

#include "services/speech/realtime/client_secrets.hpp"
#include "services/speech/voice/talk/voice_services.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::realtime {

/// What the services name, and the secrets, must outlive the router.
void add_realtime_routes(http::Router& router, const voice::VoiceServices& services,
                         ClientSecrets& secrets);

}  // namespace hailstone::realtime
