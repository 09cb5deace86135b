// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Items of a conversation in JSON, in both dialects. Pure.

#include "http/json_fields.hpp"
#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

/// An item of a client's; one without an id gets one. Throws Error(kBadRequest) that names the
/// field.
voice::Item read_item(const http::Fields& fields);

http::Json item_json(const voice::Item& item, Dialect dialect);

}  // namespace hailstone::realtime
