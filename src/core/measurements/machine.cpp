// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/measurements/machine.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <thread>

#include "base/strings.hpp"

namespace hailstone::core {

std::string processor_in(std::string_view cpuinfo) {
  std::string board;
  std::set<std::string> parts;
  for (const std::string& line : split(cpuinfo, '\n')) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string_view key = trim(std::string_view(line).substr(0, colon));
    const std::string value(trim(std::string_view(line).substr(colon + 1)));
    if (key == "model name") return value;
    if (key == "Model") board = value;
    if (key == "CPU part") parts.insert(value);
  }
  if (!board.empty()) return board;
  return parts.empty() ? "processor" : "CPU part " + join({parts.begin(), parts.end()}, ", ");
}

std::string machine_name() {
  std::ifstream file("/proc/cpuinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return processor_in(text) + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

}  // namespace hailstone::core
