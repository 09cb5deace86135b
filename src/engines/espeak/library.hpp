// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// libespeak-ng, which has one voice and one text at a time for the whole process.

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::engines::espeak {

struct Voice {
  std::string code;    ///< of its language: "de", "en-us"
  std::string name;    ///< "German"
  std::string gender;  ///< "male", "female"; empty: not said
};

/// Thread-safe. Only one at a time in a process.
class Library {
 public:
  Library() = default;
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// Nothing, or why the library cannot work.
  std::optional<std::string> find_fault();

  /// In Hz. Throws Error(kUnsupported) where the library cannot work, as all that follow.
  int sample_rate();
  std::vector<Voice> voices();

  /// Throws Error(kNotFound) for a voice that there is not.
  void require_voice(const std::string& voice);

  /// 16 bit samples of a sentence or so. Blocks; those of several threads wait for each other.
  /// speed: 1 is as people speak.
  std::vector<short> say(const std::string& text, const std::string& voice, double speed,
                         const RunContext& run);

  /// How the text is pronounced, in IPA; a line for each clause, which ends with the mark that ends
  /// the clause in the text.
  std::string phonemes(const std::string& text, const std::string& voice);

  static std::string version();

 private:
  void start();
  void use(const std::string& voice);

  std::mutex mutex_;     // the library is called with it held, and calls nobody else
  int sample_rate_ = 0;  // zero: not started; guarded by mutex_
  std::string fault_;    // guarded by mutex_
  std::string voice_;    // that is set; guarded by mutex_
};

}  // namespace hailstone::engines::espeak
