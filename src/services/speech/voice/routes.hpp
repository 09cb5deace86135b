// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The WebSocket /api/voice, and POST /api/voice.

#include <filesystem>

#include "services/speech/voice/talk/voice_services.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::voice {

/// What the services name must outlive the router. spool: a folder for large uploads.
void add_voice_routes(http::Router& router, const VoiceServices& services,
                      const std::filesystem::path& spool);

}  // namespace hailstone::voice
