// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <array>
#include <new>
#include <utility>

namespace hailstone {
namespace {

using Name = std::pair<ErrorCode, std::string_view>;

constexpr std::array kNames = {
    Name{ErrorCode::kBadRequest, "bad_request"},    Name{ErrorCode::kUnauthorized, "unauthorized"},
    Name{ErrorCode::kForbidden, "forbidden"},       Name{ErrorCode::kNotFound, "not_found"},
    Name{ErrorCode::kConflict, "conflict"},         Name{ErrorCode::kTooLarge, "too_large"},
    Name{ErrorCode::kUnsupported, "unsupported"},   Name{ErrorCode::kBusy, "busy"},
    Name{ErrorCode::kOutOfMemory, "out_of_memory"}, Name{ErrorCode::kTimeout, "timeout"},
    Name{ErrorCode::kCancelled, "cancelled"},       Name{ErrorCode::kEngineFailed, "engine_failed"},
    Name{ErrorCode::kInternal, "internal"},
};

}  // namespace

std::string_view to_string(ErrorCode code) noexcept {
  for (const auto& [value, name] : kNames) {
    if (value == code) return name;
  }
  return "internal";
}

std::optional<ErrorCode> find_error_code(std::string_view name) noexcept {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return std::nullopt;
}

Error::Error(ErrorCode code, const std::string& message, std::string detail)
    : std::runtime_error(message), code_(code), detail_(std::move(detail)) {}

Error& Error::set_retry_after(std::chrono::seconds wait) noexcept {
  retry_after_ = wait;
  return *this;
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return Error(ErrorCode::kOutOfMemory, "the service ran out of memory");
  } catch (const std::exception& error) {
    return Error(ErrorCode::kInternal, "internal error", error.what());
  }
}

}  // namespace hailstone
