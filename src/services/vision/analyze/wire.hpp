// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Requests for several tasks, and what came of each. Pure.

#include <exception>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/vision/picture/vision_task.hpp"

namespace hailstone::analyze {

struct WantedTask {
  std::string name;
  picture::PictureRequest options;  ///< with the pictures' names, without their bytes
};

/// Fields: "tasks" ("detect,ocr"), for each of them its own options by its name ("ocr.language"),
/// and without a name those that are meant for all ("threshold", "region"). known: the names of the
/// tasks that there are. Throws Error(kBadRequest) that names the field.
std::vector<WantedTask> parse_tasks(const picture::PictureRequest& request,
                                    std::span<const std::string> known);

/// Has an answer, or an error.
struct Outcome {
  std::string name;
  std::optional<picture::Answer> answer;
  std::exception_ptr error;
  std::string refusal;  ///< the error, as the task's own route would answer: a JSON object
};

/// {"width":810,"height":1080,"models":{"detect":"yolox-nano:latest"},"results":{"detect":[...]},
/// "errors":{"pose":{"error":"...","detail":"..."}}}. A result is what the task's own route
/// answers; where that is no JSON, a text is a string and a file is {"content_type","base64"} with
/// the headers that tell about it.
std::string write_outcomes(const std::vector<Outcome>& outcomes, picture::Size size);

}  // namespace hailstone::analyze
