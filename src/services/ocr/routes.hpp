// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST /api/ocr

namespace hailstone::http {
class Router;
}

namespace hailstone::ocr {

class OcrService;

/// The service must outlive the router.
void add_ocr_routes(http::Router& router, OcrService& service);

}  // namespace hailstone::ocr
