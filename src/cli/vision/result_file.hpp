// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a picture or a depth map of the service goes.

#include <filesystem>
#include <string>
#include <vector>

#include "cli/vision/task.hpp"

namespace hailstone::cli {

/// A file to be written, checked before anything is asked for. A value.
struct ResultFile {
  std::filesystem::path path;
  std::string format;  ///< for the service: "image", "png", "color", "npy", "pfm"
  std::string type;    ///< the content type that fits its name
};

enum class Coloring { kPlain, kColor };

/// saving: kDrawing or kDepth; colouring is for depth alone. Throws Error(kBadRequest) for names
/// that fit no format, for a file that is one of the pictures, and where there is no folder for it.
ResultFile plan_file(Saving saving, const std::filesystem::path& path, Coloring coloring,
                     const std::vector<std::string>& pictures);

/// Throws Error(kInternal) where it cannot be written.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace hailstone::cli
