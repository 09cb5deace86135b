// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a whole picture shows, as plain values.

#include <string>
#include <vector>

#include "services/vision/picture/network.hpp"

namespace hailstone::classify {

struct Task {
  std::string model;                ///< empty: the task's default
  int max = 0;                      ///< labels; zero: 5 of a network's own, all of the client's
  double threshold = 0;             ///< of their probability
  std::vector<std::string> labels;  ///< the client's own, for a model that compares
  std::string pattern = "a photo of a {}.";  ///< what is compared: {} is the label
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
