// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known before a reply begins, as headers: the same in every dialect.

#include "http/message.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::chat {

void add_headers(http::Reply& reply, const Started& started);

}  // namespace hailstone::chat
