// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Options that come as text, under the names that this floor knows them by.

#include "services/common/tasks/text_fields.hpp"

namespace hailstone::picture {

using services::parse_integer;
using services::parse_names;
using services::parse_number;
using services::parse_truth;
using services::parse_word;

}  // namespace hailstone::picture
