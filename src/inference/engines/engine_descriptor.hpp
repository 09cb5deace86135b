// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is known of an engine before anybody asks it: data, from the table of those that the program
// was written with, and from files (docs/host-protocol.md).

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::inference {

/// Whether a model has its host to itself.
enum class HostScope { kPerModel, kShared };

struct EngineDescriptor {
  std::string name;  ///< as in manifests and in X-Hailstone-Engine: "onnx"
  std::string description{};
  std::vector<std::string> formats{};  ///< of weights that it runs where nobody names an engine
  std::vector<std::string> tasks{};    ///< of its models; the first where nobody names one
  HostScope scope = HostScope::kPerModel;
  /// "npu": its models are there rather than on the processor; empty: it has none.
  std::string accelerator{};
  /// Of the models whose tasks have the same group only one is loaded at a time.
  std::map<std::string, std::string, std::less<>> exclusive_groups{};

  // How its host is started. Empty: it is no host of the protocol.
  std::vector<std::string> command{};  ///< the program's path first
  std::map<std::string, std::string> environment{};
  std::vector<std::string> inherited{};  ///< names of our variables that it gets too
  std::string how_to_get{};              ///< where the program may be missing: what would help
  /// What its processes may read besides the system and their model, and use: "/dev/hailo0".
  std::vector<std::string> readable{};
  std::vector<std::string> devices{};
  bool needs_engine_runtime = false;  ///< is started by the engine runtime's loader, where that is

  // Zero: as for every host.
  std::chrono::milliseconds start_limit{};
  std::chrono::milliseconds stall_limit{};

  bool operator==(const EngineDescriptor&) const = default;

  /// Empty where the task's models need not be alone.
  std::string group_of(std::string_view task) const {
    const auto found = exclusive_groups.find(task);
    return found == exclusive_groups.end() ? std::string() : found->second;
  }
};

/// Those that the program was written with, whether they are built here or not, by name.
std::span<const EngineDescriptor> known_engines();

/// Null for an engine that only a file describes.
const EngineDescriptor* find_known_engine(std::string_view name);

/// Which engine runs weights of a format where nobody says: of several the first known; one that no
/// known engine claims is run by the engine of that name.
std::string engine_of_format(std::string_view format);

/// Whether a word can be the name of an engine or format: [a-z0-9-], at most 32.
bool is_engine_word(std::string_view word) noexcept;

}  // namespace hailstone::inference
