// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one exception type of the program. Its message is for the person at the other end: it names
// the thing that is wrong. Its detail says what would work. Internals belong into the log.

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hailstone {

/// A further value needs a client that would act differently on it.
enum class ErrorCode {
  kBadRequest,
  kUnauthorized,
  kForbidden,
  kNotFound,
  kConflict,
  kTooLarge,
  kUnsupported,
  kBusy,
  kOutOfMemory,
  kTimeout,
  kCancelled,
  kEngineFailed,
  kInternal,
};

/// Machine-readable name, as in "bad_request".
std::string_view to_string(ErrorCode code) noexcept;

/// The inverse of to_string; nothing for an unknown name.
std::optional<ErrorCode> find_error_code(std::string_view name) noexcept;

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, std::string detail = {});

  ErrorCode code() const noexcept { return code_; }
  const std::string& detail() const noexcept { return detail_; }

  /// When a retry may succeed; only for kBusy and its like.
  std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }
  Error& set_retry_after(std::chrono::seconds wait) noexcept;

 private:
  ErrorCode code_;
  std::string detail_;
  std::optional<std::chrono::seconds> retry_after_;
};

/// Turns whatever is being handled into an Error: an Error stays what it is, anything else becomes
/// kInternal. Call only inside a catch block. For the catch points named in ARCHITECTURE.md.
Error current_error();

}  // namespace hailstone
