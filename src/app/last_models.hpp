// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which models are loaded, written down while the service runs, so that its next start loads them
// again however this one ends.

#include <filesystem>
#include <string>
#include <vector>

namespace hailstone::core {
class Runtime;
}

namespace hailstone::app {

/// One thread.
class LastModels {
 public:
  /// The file need not be there yet.
  explicit LastModels(std::filesystem::path file);

  /// names, with those of the file in the place of "last".
  std::vector<std::string> expand(const std::vector<std::string>& names) const;

  /// Writes the file where it no longer says what is loaded. A disk that refuses it is logged once.
  void note(const core::Runtime& runtime);

 private:
  const std::filesystem::path file_;
  std::vector<std::string> written_;
  bool has_failed_ = false;
};

}  // namespace hailstone::app
