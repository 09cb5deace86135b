// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/speak, GET /api/voices; OpenAI's POST /v1/audio/speech, GET /v1/audio/voices and
// /v1/audio/models.

namespace hailstone::http {
class Router;
}

namespace hailstone::speak {

class SpeakService;

/// The service must outlive the router.
void add_speak_routes(http::Router& router, SpeakService& service);

}  // namespace hailstone::speak
