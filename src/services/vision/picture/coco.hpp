// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// COCO's own numbering. Pure.

#include <string_view>

namespace hailstone::picture {

/// The sparse category id (1 to 90) of one of COCO's 80 labels; of any other label its class
/// counted from 1.
int coco_category(std::string_view label, int class_id) noexcept;

}  // namespace hailstone::picture
