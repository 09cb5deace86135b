// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A request answered without a connection, on the caller's thread: for work that has no client.
// What the routes do is the same; the middleware (keys, origins) is for connections and not asked.

#include <optional>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"
#include "base/error.hpp"
#include "http/message.hpp"

namespace hailstone::http {

class Router;

struct Dispatched {
  Response response;           ///< a streamed one as a whole
  std::optional<Error> error;  ///< what the handler threw; it is in the response, too
};

/// method_name as in HTTP, raw_target with its query. Throws Error(kBadRequest) for a target that
/// cannot be read or a method that is none.
Request make_request(std::string_view method_name, std::string_view raw_target,
                     std::string content_type, std::string body);

/// raw_target: as make_request() got it. Errors of the handler and of the router become replies in
/// the route's dialect. A reply beyond the limit is an error. Blocks as long as the handler does;
/// the request's run says how long.
Dispatched dispatch(const Router& router, Request request, std::string_view raw_target,
                    ByteSize max_reply = ByteSize::mib(512));

}  // namespace hailstone::http
