// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The WebSocket /api/voice: JSON for control, binary messages for sound, both ways.

#include "http/message.hpp"
#include "http/web_socket.hpp"
#include "services/speech/voice/talk/voice_services.hpp"

namespace hailstone::voice {

/// Holds one talk, until the client ends it or leaves. Throws what makes it impossible, which
/// closes the socket.
void hold_talk(const VoiceServices& services, const http::Request& request,
               http::WebSocketSession& session);

}  // namespace hailstone::voice
