// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/responses and what is stored of it: GET and DELETE /v1/responses/{id},
// GET /v1/responses/{id}/input_items, POST /v1/responses/input_tokens.

#include "services/text/dialect/picture_url.hpp"

namespace hailstone::http {
class Router;
}
namespace hailstone::chat {
class ChatService;
}

namespace hailstone::responses {

class ResponseStore;

/// Both must outlive the router.
void add_responses_routes(http::Router& router, chat::ChatService& service, ResponseStore& store,
                          dialect::RemotePictures remote = {});

}  // namespace hailstone::responses
