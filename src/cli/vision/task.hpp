// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the command line can have done with a picture, as one table: a row is all that a task needs.

#include <string>
#include <vector>

#include "cli/client/json_access.hpp"
#include "net/http_client.hpp"

namespace hailstone::cli {

/// An option that goes to the service as it is; the service says what is wrong with it.
struct VisionOption {
  const char* flag;
  const char* field;  ///< its name in the address
  const char* form;   ///< of its value: "NUMBER"
  const char* help;
};

/// What of a reply can be kept as a file.
enum class Saving {
  kNothing,
  kDrawing,  ///< --draw: the picture with what was found
  kDepth,    ///< --out: the depth map
};

/// One column of a table; a cell is made of an item of the reply.
struct Column {
  const char* title;
  std::string (*cell)(const Json& item);
};

/// The body. Throws Error(kEngineFailed) where it is no JSON.
Json read_json(const net::ClientResponse& reply);

struct VisionTask {
  const char* name;  ///< of the command
  const char* help;
  const char* route;
  std::vector<VisionOption> options;
  std::vector<std::string> text_formats = {};  ///< for --format: printed as they come
  Saving saving = Saving::kNothing;
  bool takes_pairs = false;          ///< --right: of a pair of cameras
  std::vector<Column> columns = {};  ///< none: the member "text" is what people want to see
  /// The result as JSON. Throws Error(kEngineFailed) where the reply has none.
  Json (*read)(const net::ClientResponse& reply) = read_json;
};

const std::vector<VisionTask>& vision_tasks();

}  // namespace hailstone::cli
