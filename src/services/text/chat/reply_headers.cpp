// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/reply_headers.hpp"

#include <string>

#include "base/duration.hpp"
#include "http/header_names.hpp"

namespace hailstone::chat {

void add_headers(http::Reply& reply, const Started& started) {
  reply.add_header(http::kModelHeader, started.model);
  reply.add_header(http::kEngineHeader, started.engine);
  if (started.cut_keep_alive) {
    reply.add_header(http::kKeepAliveHeader, to_go_duration(*started.cut_keep_alive));
  }
  std::string cut;
  if (started.dropped_messages > 0) cut = std::to_string(started.dropped_messages) + " messages";
  if (started.dropped_tokens > 0) {
    cut += (cut.empty() ? "" : ", ") + std::to_string(started.dropped_tokens) + " tokens";
  }
  if (!cut.empty()) reply.add_header(http::kTruncatedHeader, cut);
}

}  // namespace hailstone::chat
