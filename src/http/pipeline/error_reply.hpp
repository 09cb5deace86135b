// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How an error looks to a client: status, headers and body in the dialect of its route. The one
// place that knows which ErrorCode is which status. Pure.

#include <cstdint>
#include <exception>
#include <string>

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

namespace hailstone::http {

/// An answer that HTTP has a status of its own for: 405, 414, 431 ...
class StatusError : public Error {
 public:
  StatusError(int status, const std::string& message, std::string detail = {});

  int status() const noexcept { return status_; }
  const Headers& headers() const noexcept { return headers_; }
  StatusError& add_header(std::string name, std::string value);

 private:
  int status_;
  Headers headers_;
};

/// An error as it goes to the client.
struct Refusal {
  Error error;
  int status;
  Headers headers;  ///< WWW-Authenticate, Retry-After, Allow ...
};

Refusal make_refusal(const Error& error);
/// Of whatever is being handled: call only inside a catch block.
Refusal current_refusal();
Refusal make_refusal(const std::exception_ptr& error);

/// What a client is told of it.
std::string error_message(const Error& error, std::string_view request_id);

/// To be thrown; limit in bytes.
Error body_too_large(std::uint64_t limit);

/// What is internal becomes a pointer to the log. request_id may be empty.
Response render_error(const Refusal& refusal, Dialect dialect, std::string_view request_id);

enum class StreamForm { kLines, kEvents };

/// What ends a stream that has begun: a line, or an event.
std::string render_stream_error(const Error& error, Dialect dialect, StreamForm form,
                                std::string_view request_id);

}  // namespace hailstone::http
