// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/transcribe; OpenAI's POST /v1/audio/transcriptions and /v1/audio/translations;
// whisper.cpp's POST /inference; the WebSocket /api/transcribe/live.

#include <filesystem>

namespace hailstone::http {
class Router;
}

namespace hailstone::transcribe {

class TranscribeService;

/// The service must outlive the router. spool: a folder for large uploads.
void add_transcribe_routes(http::Router& router, TranscribeService& service,
                           const std::filesystem::path& spool);

}  // namespace hailstone::transcribe
