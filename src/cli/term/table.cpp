// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/table.hpp"

#include <algorithm>

#include "cli/term/text.hpp"

namespace hailstone::cli {

std::string format_table(const std::vector<Row>& rows, int indent) {
  constexpr int kGap = 4;
  std::vector<int> widths;
  std::vector<Row> clean = rows;
  for (Row& row : clean) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] = printable_line(row[i]);
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const Row& row : clean) {
    std::string line(static_cast<std::size_t>(indent), ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(static_cast<std::size_t>(widths[i] - display_width(row[i]) + kGap), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace hailstone::cli
