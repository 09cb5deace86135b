// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happens to every request before and after its handler; the order stands in middleware.cpp.

#include "http/pipeline/exchange.hpp"
#include "http/pipeline/site.hpp"

namespace hailstone::http {

/// When the header has arrived and nothing of the body has been asked for. On the loop: never
/// blocks. Sets exchange.answer where no handler is needed. Throws Error to refuse the request.
void check_header(const Site& site, Exchange& exchange);

/// Says in the log what a client is not told. Thread-safe.
void log_failure(const Error& error, const Request& request);

/// Just before the last bytes of the reply go out. Thread-safe.
void count_reply(Site& site, const Exchange& exchange, int status) noexcept;

}  // namespace hailstone::http
