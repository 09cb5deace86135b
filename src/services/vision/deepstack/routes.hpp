// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// /v1/vision/...: what DeepStack and CodeProject.AI answered.

#include <string>
#include <vector>

namespace hailstone::faces {
class FaceService;
}
namespace hailstone::http {
class Router;
}
namespace hailstone::picture {
class ModelChoice;
class ObjectFinder;
}  // namespace hailstone::picture

namespace hailstone::deepstack {

/// What the routes are answered with; all of it outlives the router.
struct Rooms {
  picture::ModelChoice& choice;
  picture::ObjectFinder& objects;
  faces::FaceService& faces;
  std::vector<std::string> api_keys;  ///< of the operator; a form's api_key must be one of them
};

void add_deepstack_routes(http::Router& router, const Rooms& rooms);

}  // namespace hailstone::deepstack
