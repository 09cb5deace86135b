// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// GET /api/tags, /api/ps, /api/version and /, POST /api/show, /api/unload and /api/models/plan.

#include <string>

namespace hailstone::http {
class Router;
}

namespace hailstone::models {

class ModelsService;

/// The service must outlive the router. version: of this program.
void add_models_routes(http::Router& router, ModelsService& service, const std::string& version);

}  // namespace hailstone::models
