// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// HailoRT's answers as values or ChipErrors.

#include <hailo/hailort.hpp>

#include <string>
#include <utility>

#include "engines/hailo/chip/chip.hpp"

namespace hailstone::engines::hailo {

[[noreturn]] inline void fail(hailo_status status, const char* call) {
  const char* message = ::hailo_get_status_message(status);
  throw ChipError(static_cast<int>(status), call, message != nullptr ? message : "unknown status");
}

inline void check(hailo_status status, const char* call) {
  if (status != HAILO_SUCCESS) fail(status, call);
}

/// release() may be called once.
template <typename T>
T take(hailort::Expected<T>&& expected, const char* call) {
  if (!expected) fail(expected.status(), call);
  return expected.release();
}

}  // namespace hailstone::engines::hailo
