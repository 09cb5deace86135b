// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Rows with aligned columns. Plain text, the same on a terminal and in a pipe.

#include <string>
#include <vector>

namespace hailstone::cli {

using Row = std::vector<std::string>;

/// One line per row; columns are as wide as their widest cell, four blanks apart; no blanks at the
/// end of a line. Cells are made printable.
std::string format_table(const std::vector<Row>& rows, int indent = 0);

}  // namespace hailstone::cli
