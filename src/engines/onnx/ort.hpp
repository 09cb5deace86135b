// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// ONNX Runtime's C++ API, opened at run time: a machine without the library still runs the host,
// which then says what is missing.

#define ORT_API_MANUAL_INIT
#include <onnxruntime_cxx_api.h>

#include <optional>
#include <string>

#include "base/error.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::engines::onnx {

/// Opens the library on the first call; later ones give the same answer. Nothing where it can be
/// used, else what is missing. Thread-safe; before anything else of Ort.
std::optional<std::string> open_library();

/// Only after open_library() said nothing. Thread-safe; lives as long as the process.
Ort::Env& environment();

/// While it lives, nothing is written to stderr. Debian's library meets libonnx's operators twice
/// when the first network is loaded, which is harmless, and says so of each of them: a thousand
/// lines, for which there is no switch. What is wrong with a network comes as an exception.
class QuietStderr {
 public:
  QuietStderr();
  ~QuietStderr();
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;

 private:
  const os::UniqueFd kept_;
};

/// "1.23.2"; only after open_library() said nothing.
std::string library_version();

enum class Doing { kLoading, kRunning };

/// What went wrong in our words: a broken or unknown network while loading is the file's fault.
Error translate(const Ort::Exception& error, Doing doing, const std::string& model);

}  // namespace hailstone::engines::onnx
