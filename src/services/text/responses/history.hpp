// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was said before, for requests that only point at it.

#include <optional>
#include <string>
#include <vector>

#include "services/text/responses/task.hpp"

namespace hailstone::responses {

class History {
 public:
  virtual ~History() = default;

  /// Whether anything is.
  virtual bool keeps() const noexcept = 0;

  /// Everything up to a response and with its output, oldest first. Throws Error(kNotFound).
  virtual std::vector<StoredItem> conversation(const std::string& response) = 0;
  virtual std::optional<StoredItem> find_item(const std::string& id) = 0;
};

}  // namespace hailstone::responses
