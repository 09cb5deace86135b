// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a batch is made of, and what of it is done already.

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "cli/jobs/batch.hpp"

namespace hailstone::cli {

struct BatchItem {
  std::string label;           ///< the file's name, or the line's custom_id or number
  std::filesystem::path file;  ///< of a folder
  std::string line;            ///< of a file of requests
};

/// In order. Hidden files and those that end in ".part" are left out. Throws Error(kBadRequest).
std::vector<BatchItem> read_items(const BatchRequest& request);

/// The labels of a file of results; a last line that was cut off is none.
std::set<std::string> read_done(const std::filesystem::path& results);

/// How an item is submitted.
struct Submission {
  std::string target;
  std::string content_type;
  std::string body;
};
/// Throws Error(kBadRequest) where the file cannot be read or the line is no request.
Submission make_submission(const BatchItem& item, const BatchRequest& request);

}  // namespace hailstone::cli
