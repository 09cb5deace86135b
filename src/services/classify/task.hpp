// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a whole picture shows, as plain values.

#include <string>
#include <vector>

#include "services/picture/network.hpp"

namespace hailstone::classify {

struct Task {
  std::string model;     ///< empty: the task's default
  int max = 5;           ///< labels
  double threshold = 0;  ///< of their probability
};

struct Label {
  std::string name;
  double confidence = 0;  ///< probability
};

struct Result {
  std::vector<Label> labels;  ///< the likeliest first
  std::string model;
  std::string engine;
  picture::Timings timings;
};

}  // namespace hailstone::classify
