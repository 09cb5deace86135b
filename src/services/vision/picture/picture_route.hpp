// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the routes of all vision services have in common.

#include <string>
#include <utility>

#include "http/router.hpp"

namespace hailstone::picture {

/// POST, whole body: up to 64 MiB, more than any camera's JPEG.
inline http::Route make_picture_route(std::string path, http::Handler handler) {
  http::Route route;
  route.method = http::Method::kPost;
  route.pattern = std::move(path);
  route.handler = std::move(handler);
  route.cost = http::Cost::kWork;
  route.max_body = ByteSize::mib(64);
  route.timeout = std::chrono::seconds(120);
  return route;
}

}  // namespace hailstone::picture
