// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cells of the tables that show what was found. What an item does not have is an empty cell. Pure.

#include <string>

#include "cli/client/json_access.hpp"

namespace hailstone::cli {

std::string label_cell(const Json& item);
std::string confidence_cell(const Json& item);
/// Of "bbox", in whole pixels.
std::string x_cell(const Json& item);
std::string y_cell(const Json& item);
std::string width_cell(const Json& item);
std::string height_cell(const Json& item);
std::string person_id_cell(const Json& item);
/// "15 of 17": how many of the keypoints are seen and not guessed.
std::string joints_cell(const Json& item);
std::string area_cell(const Json& item);
std::string person_cell(const Json& item);
std::string similarity_cell(const Json& item);
std::string kind_cell(const Json& item);
std::string unit_cell(const Json& item);
std::string min_cell(const Json& item);
std::string max_cell(const Json& item);

}  // namespace hailstone::cli
