// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines from a person: at a terminal with editing and history.

#include <filesystem>
#include <memory>
#include <string>

namespace hailstone::cli {

struct LineRead {
  enum class Outcome {
    kLine,
    kInterrupted,  ///< Ctrl-C
    kEnd,          ///< Ctrl-D on an empty line, or the end of the input
  };
  Outcome outcome = Outcome::kEnd;
  std::string line;
};

class LineSource {
 public:
  virtual ~LineSource() = default;
  /// Blocks until a line is there; without its line feed.
  virtual LineRead read(const std::string& prompt) = 0;
};

/// On the process's terminal, with the user's ~/.editrc. At most one at a time; one thread. For
/// kInterrupted an Interrupts has to live.
class LineEditor : public LineSource {
 public:
  /// The history is read from the file, and every line is added to it at once; a file that cannot
  /// be written is no error: the history then ends with the program.
  explicit LineEditor(std::filesystem::path history_file);
  ~LineEditor() override;
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  LineRead read(const std::string& prompt) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::cli
