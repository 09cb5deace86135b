// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The engine with the stand-in for the chip (tests/hailo_chip), and models for it.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hosting/hosted_engine.hpp"
#include "inference/model_spec.hpp"

namespace hailstone::engines::hailo {

inline constexpr const char* kDetector =
    "name = detector\nnpu_mib = 20\nload_ms = 5\nlatency_ms = 2\n"
    "input = images 64 64 3 uint8\noutput = detector/nms nms_by_class 80 10\n"
    "box = 2 0.1 0.2 0.5 0.6 0.9\n";

/// What the chip does from now on.
class StandInProgram {
 public:
  StandInProgram() : path_(testing::TempDir() + "hailo-program-" + std::to_string(::getpid())) {
    say("");
  }
  ~StandInProgram() { std::filesystem::remove(path_); }
  void say(const std::string& lines) const {
    std::ofstream(path_ + ".new") << lines;
    std::filesystem::rename(path_ + ".new", path_);
  }
  const std::string& path() const noexcept { return path_; }

 private:
  const std::string path_;
};

inline std::filesystem::path write_stand_in_hef(const std::string& name, const std::string& lines) {
  const std::filesystem::path file =
      testing::TempDir() + name + "-" + std::to_string(::getpid()) + ".hef";
  std::ofstream(file) << "\x01HEF stand-in\n" << lines;
  return file;
}

inline inference::ModelSpec stand_in_model(const std::string& name, const std::string& lines) {
  inference::ModelSpec spec;
  spec.name = name;
  spec.engine = "hailo";
  spec.weights = write_stand_in_hef(name, lines);
  return spec;
}

inline std::vector<pid_t> hosts_of_this_process() {
  std::vector<pid_t> children;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) children.push_back(pid);
  }
  return children;
}

inline std::unique_ptr<hosting::HostedEngine> make_hosted_stand_in(
    const StandInProgram* program = nullptr, hosting::HostOptions options = {}) {
  hosting::HostCommand command;
  command.argv = {HAILSTONE_HOST_HAILO, HAILSTONE_HAILO_STANDIN_LIBRARY};
  command.environment = hosting::host_environment();
  command.environment.push_back("HAILORT_LOGGER_PATH=NONE");
  const std::filesystem::path bin =
      std::filesystem::path(HAILSTONE_HAILO_STANDIN_LIBRARY).parent_path();
  command.cage.read = {bin, testing::TempDir(), "/sys"};
  if (program != nullptr) {
    command.environment.push_back("HAILO_STANDIN_PROGRAM=" + program->path());
  }
  return std::make_unique<hosting::HostedEngine>("hailo", command, hosting::HostScope::kShared,
                                                 options);
}

}  // namespace hailstone::engines::hailo
