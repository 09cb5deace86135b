// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The labels that an ONNX file carries among its metadata.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::cli {

/// The labels in the form in which exporters write them, a Python dictionary:
/// "{0: 'person', 1: 'bicycle'}". Nothing for another text.
std::optional<std::vector<std::string>> find_labels(std::string_view text);

}  // namespace hailstone::cli
