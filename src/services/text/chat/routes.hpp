// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/chat and /api/generate.

namespace hailstone::http {
class Router;
}

namespace hailstone::chat {

class ChatService;

/// The service must outlive the router.
void add_chat_routes(http::Router& router, ChatService& service);

}  // namespace hailstone::chat
