// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HTTP/1 requests from bytes, into an Exchange. The grammar is Beast's; what it lets pass and
// should not, is refused here.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "http/message.hpp"

namespace hailstone::http {

struct Envelope;

/// For one request. Not thread-safe.
class RequestParser {
 public:
  using OnBody = std::function<void(std::string_view piece)>;

  /// Fills these while it parses; they outlive it. max_header counts trailers as well.
  RequestParser(Request& request, Envelope& envelope, std::size_t max_header);
  ~RequestParser();

  /// How many of the bytes it took; offer the others again, with more behind them. Stops at the
  /// header's end. Throws StatusError, Error(kBadRequest).
  std::size_t parse_header(std::string_view bytes);
  bool is_header_done() const noexcept;

  /// Once the header is done. Throws kBadRequest, kTooLarge, and what on_body throws.
  std::size_t parse_body(std::string_view bytes, std::uint64_t max_body, const OnBody& on_body);
  bool is_done() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::http
