// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What changes the models that are there: fetched, given away, made, copied, removed.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hailstone::library {

/// What was found out about a network whose model was made. Empty: not known.
struct Recognised {
  std::string task;
  std::string decoder;
  std::string input;  ///< the setting "input": a JSON object as text
  std::size_t labels = 0;
  std::string certainty;  ///< "guess", "likely", "sure"
  std::string sign;       ///< what it was known by
  std::string not_tried;  ///< why it was not run; empty: it was
};

/// A line of a long task. Sizes in bytes; zero: not told.
struct Progress {
  std::string status;
  std::string digest;
  std::uint64_t total = 0;
  std::uint64_t completed = 0;
  std::optional<Recognised> recognised = {};  ///< of the last line, where a model was made
};

/// Called on the thread of the task; may throw, which ends it.
using OnProgress = std::function<void(const Progress&)>;

/// Pull or push.
struct TransferTask {
  std::string model;
  bool insecure = false;
  bool stream = true;
};

/// File name -> digest of a blob that has been uploaded.
using BlobFiles = std::map<std::string, std::string>;

struct CreateTask {
  std::string model;
  std::string from;  ///< a model that is there; empty: files
  BlobFiles files;
  BlobFiles adapters;
  std::optional<std::string> template_text;
  std::optional<std::string> system;
  std::vector<std::string> licenses;
  std::string parameters;  ///< a JSON object as text; empty: none
  std::string messages;    ///< a JSON array as text; empty: none
  std::string quantize;    ///< "Q4_K_M"; empty: as it is
  bool stream = true;

  // Hailstone's own, for files that do not say it themselves.
  std::string task;       ///< "detect"
  std::string engine;     ///< "onnx"
  std::string decoder;    ///< "yolov8"
  std::string label_set;  ///< of the catalogue: "coco80"
  std::string settings;   ///< for the engine: a JSON object as text; empty: none
};

struct CopyTask {
  std::string source;
  std::string destination;
};

struct FsckTask {
  bool repair = true;
};

}  // namespace hailstone::library
