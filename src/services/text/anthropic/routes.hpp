// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/messages and /v1/messages/count_tokens.

#include "services/text/dialect/picture_url.hpp"

namespace hailstone::http {
class Router;
}
namespace hailstone::chat {
class ChatService;
}

namespace hailstone::anthropic {

/// The service must outlive the router.
void add_anthropic_routes(http::Router& router, chat::ChatService& service,
                          dialect::RemotePictures remote = {});

}  // namespace hailstone::anthropic
