// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine in its host process, and model cards for it.

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "hosting/hosted_engine.hpp"

namespace hailstone::engines::opencv::hosted {

inline std::unique_ptr<inference::Engine> make_hosted() {
  const hosting::HostCommand command{{HAILSTONE_HOST_OPENCV}, hosting::host_environment()};
  return std::make_unique<hosting::HostedEngine>("opencv", command);
}

inline inference::ModelSpec make_card(const std::string& detector) {
  inference::ModelSpec spec;
  spec.name = "starter-" + detector;
  spec.engine = "opencv";
  spec.weights =
      std::filesystem::temp_directory_path() / ("opencv-card-" + std::to_string(::getpid()));
  std::ofstream(spec.weights) << "hailstone model card: opencv\n";
  spec.settings = {{"detector", detector}};
  return spec;
}

inline bool has_cascades() {
  return std::filesystem::exists("/usr/share/opencv4/haarcascades") ||
         std::filesystem::exists("/usr/local/share/opencv4/haarcascades");
}

/// The process that was started first.
inline void kill_first_child() {
  std::vector<pid_t> children;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) children.push_back(pid);
  }
  ::kill(*std::min_element(children.begin(), children.end()), SIGKILL);
}

}  // namespace hailstone::engines::opencv::hosted
