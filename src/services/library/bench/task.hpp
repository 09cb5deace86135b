// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Measuring how fast a model is here.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/measurements/measurement.hpp"

namespace hailstone::bench {

enum class Scope {
  kOne,  ///< the variant that the name stands for
  kAll,  ///< all variants that are installed
};

struct Task {
  std::string model;
  std::string engine;  ///< only the variant for it; empty: whichever
  int runs = 0;        ///< zero: as many as the kind of model needs
  Scope scope = Scope::kOne;
};

/// A line while it goes on.
struct Progress {
  std::string status;  ///< "measuring yolox-nano:onnx"
  int run = 0;         ///< so many are done
  int runs = 0;        ///< of so many; zero: not told
};

/// Called on the task's thread; may throw, which ends it.
using OnProgress = std::function<void(const Progress&)>;

/// A variant that is installed.
struct Row {
  std::string model;  ///< "yolox-nano:onnx"
  std::string engine;
  std::optional<core::Measurement> measurement;  ///< now or earlier, on this machine
  bool is_new = false;                           ///< measured by this task
  bool is_chosen = false;                        ///< who asks for the plain name gets this one
  std::string failure;  ///< why it could not be measured now; empty: it was, or was not asked for
};

/// A variant of the catalogue that is not installed.
struct Missing {
  std::string engine;
  std::string model;  ///< what to pull
};

struct Result {
  std::string model;  ///< the plain name
  std::string machine;
  std::vector<Row> rows;
  std::vector<Missing> missing;
};

}  // namespace hailstone::bench
