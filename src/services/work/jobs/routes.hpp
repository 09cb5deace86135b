// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// POST and GET /api/infer, /v1/jobs; and any inference route with "Prefer: respond-async".

namespace hailstone::http {
class Router;
}

namespace hailstone::jobs {

class JobService;

/// The service outlives the router.
void add_job_routes(http::Router& router, JobService& service);

/// Every inference route answers a request with "Prefer: respond-async" (RFC 7240) with 202 and a
/// job. After all other routes.
void offer_async(http::Router& router, JobService& service);

}  // namespace hailstone::jobs
