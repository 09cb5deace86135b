// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The status line and headers of a reply, as bytes. Pure but for the Date.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace hailstone::http {

enum class Framing {
  kLength,      ///< Content-Length says where the body ends
  kChunked,     ///< pieces with their sizes
  kUntilClose,  ///< HTTP/1.0: the end of the connection is the end of the body
};

struct ReplyHead {
  int status = 200;
  std::string_view content_type;  ///< empty: none
  Framing framing = Framing::kLength;
  std::uint64_t content_length = 0;
  bool is_http_1_0 = false;
  bool keep_alive = true;
};

/// Statuses that never have a body: 1xx, 204, 304.
bool has_no_body(int status) noexcept;

/// Control characters in header values become blanks: a value never ends its line.
std::string write_head(const ReplyHead& head, const Headers& first, const Headers& second);

/// One piece of a chunked body.
std::string make_chunk(std::string_view piece);

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace hailstone::http
