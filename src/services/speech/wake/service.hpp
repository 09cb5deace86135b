// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which wake words there are, and who listens for them.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "services/common/tasks/task_models.hpp"
#include "services/speech/wake/detector.hpp"

namespace hailstone::wake {

/// Thread-safe.
class WakeService {
 public:
  WakeService(services::ModelAccess& models, std::vector<std::filesystem::path> catalog_folders)
      : models_(models, std::move(catalog_folders)) {}

  /// All that are installed.
  std::vector<WakeWord> words() const;

  /// names: of models, or what is said ("hey_jarvis"); none: all words. Throws Error(kNotFound)
  /// with the words that there are, and http::StatusError 503 where there is none.
  WakeDetector open(const std::vector<std::string>& names, const WakeOptions& options) const;

 private:
  WakeDetector::Listened choose(const std::string& name) const;

  services::TaskModels models_;
};

}  // namespace hailstone::wake
