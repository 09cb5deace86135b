// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transcription while somebody speaks: sound in over a WebSocket, text out as it is heard.

#include "http/message.hpp"
#include "http/web_socket.hpp"

namespace hailstone::transcribe {

class TranscribeService;

/// Holds one conversation, until the client ends it or leaves. Throws what makes it impossible,
/// which closes the socket.
void hold_conversation(TranscribeService& service, const http::Request& request,
                       http::WebSocketSession& session);

}  // namespace hailstone::transcribe
