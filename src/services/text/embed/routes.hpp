// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/embed and /api/embeddings.

namespace hailstone::http {
class Router;
}

namespace hailstone::embed {

class EmbedService;

/// The service must outlive the router.
void add_embed_routes(http::Router& router, EmbedService& service);

}  // namespace hailstone::embed
