// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files of a folder as they are, for browsers: with ETag, Range, and the compressed form where one
// was made beforehand ("app.js.gz" beside "app.js").

#include <filesystem>
#include <string>

#include "http/message.hpp"

namespace hailstone::http {

class Router;

struct StaticFiles {
  std::string prefix;  ///< "/portal"; its pages need no key, as browsers send none with a page
  std::filesystem::path folder;
  std::string index = "index.html";  ///< what a folder's own path shows
  Headers headers;                   ///< of all replies: Content-Security-Policy and the like
};

/// Routes for prefix and all below it. Hidden files and what leads out of the folder is not there.
/// Names with a hash of eight letters and digits ("app-3FA2B6C7.js") may be kept for a year, others
/// are asked for each time.
void add_static_files(Router& router, StaticFiles files);

}  // namespace hailstone::http
