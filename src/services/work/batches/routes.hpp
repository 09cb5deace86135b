// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's /v1/files and /v1/batches, over all inference routes.

namespace hailstone::http {
class Router;
}

namespace hailstone::batches {

class BatchService;

/// The service outlives the router.
void add_batch_routes(http::Router& router, BatchService& service);

}  // namespace hailstone::batches
