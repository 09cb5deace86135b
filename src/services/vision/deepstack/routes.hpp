// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// /v1/vision/...: what DeepStack and CodeProject.AI answered.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/vision/picture/objects.hpp"

namespace hailstone::faces {
class FaceService;
}
namespace hailstone::http {
class Router;
}

namespace hailstone::deepstack {

/// Detectors that are no models of ours, by name. May be empty.
struct OtherDetectors {
  std::function<std::vector<std::string>()> names{};
  /// Nothing for a name that is none of them. Blocks.
  std::function<std::optional<picture::ObjectResult>(const std::string& name, picture::Photo& photo,
                                                     const RunContext& run)>
      find{};
};

/// What the routes are answered with; all of it outlives the router.
struct Rooms {
  picture::ModelChoice& choice;
  picture::ObjectFinder& objects;
  faces::FaceService& faces;
  std::vector<std::string> api_keys;  ///< of the operator; a form's api_key must be one of them
  OtherDetectors others{};
};

void add_deepstack_routes(http::Router& router, const Rooms& rooms);

}  // namespace hailstone::deepstack
