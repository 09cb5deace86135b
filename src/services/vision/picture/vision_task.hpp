// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a service that looks at pictures gives the daemon: its name and how it answers. From this
// come its route, POST /api/<name>, and its part of POST /api/analyze.

#include <functional>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "http/message.hpp"
#include "services/vision/picture/timings.hpp"
#include "services/vision/picture/upload/photo.hpp"

namespace hailstone::http {
class Router;
}

namespace hailstone::picture {

/// What a service says of a request's pictures.
struct Answer {
  http::Response response;
  std::string model;
  std::string engine;
  Timings timings;
};

/// Looks at a request's pictures, of which there is at least one; who wants a single one takes the
/// first. Blocks. Throws what the service throws.
using Analysis = std::function<Answer(std::vector<Photo>& photos, const RunContext& run)>;

struct VisionTask {
  std::string name;                  ///< "detect"
  std::vector<std::string> options;  ///< the names that it knows; others are refused
  /// Reads a request's options, before any picture is looked at. Throws Error that names the field.
  std::function<Analysis(const PictureRequest& request)> prepare;
};

/// POST /api/<name>.
void add_task_route(http::Router& router, VisionTask task);

}  // namespace hailstone::picture
