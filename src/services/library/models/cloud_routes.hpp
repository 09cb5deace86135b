// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What Ollama's apps ask about its cloud: this server has none.

#include "http/router.hpp"

namespace hailstone::models {

void add_cloud_routes(http::Router& router);

}  // namespace hailstone::models
