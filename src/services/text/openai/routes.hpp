// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /v1/chat/completions, /v1/completions and /v1/embeddings, GET /v1/models and
// /v1/models/{id}.

#include "services/text/dialect/picture_url.hpp"

namespace hailstone::http {
class Router;
}
namespace hailstone::chat {
class ChatService;
}
namespace hailstone::embed {
class EmbedService;
}
namespace hailstone::models {
class ModelsService;
}

namespace hailstone::openai {

/// The services that it is a dialect of; they outlive the router.
struct Services {
  chat::ChatService& chat;
  embed::EmbedService& embed;
  models::ModelsService& models;
  dialect::RemotePictures remote_pictures = {};
};

void add_openai_routes(http::Router& router, const Services& services);

}  // namespace hailstone::openai
