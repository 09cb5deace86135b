// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/vlm.

namespace hailstone::http {
class Router;
}

namespace hailstone::vlm {

class VlmService;

/// The service must outlive the router.
void add_vlm_route(http::Router& router, VlmService& service);

}  // namespace hailstone::vlm
