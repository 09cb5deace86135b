// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <utility>

#include "hailo/hailort.h"

namespace hailort {

struct Unexpected {
  explicit Unexpected(hailo_status what) : status(what) {}
  hailo_status status;
};

/// A value, or the status that kept it from coming about. Cannot be assigned to.
template <typename T>
class Expected {
 public:
  Expected(Unexpected unexpected) : status_(unexpected.status) {}
  Expected(T&& value) : value_(std::move(value)) {}
  Expected(const T& value) : value_(value) {}
  Expected(Expected&&) = default;
  Expected& operator=(const Expected&) = delete;

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }
  hailo_status status() const { return status_; }
  T& value() { return *value_; }
  T release() { return std::move(*value_); }
  T* operator->() { return &*value_; }

 private:
  std::optional<T> value_;
  hailo_status status_ = HAILO_SUCCESS;
};

}  // namespace hailort
