// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The prior boxes of a detector, as the model's setting "anchors" has them. Pure.

#include <string>
#include <vector>

#include "vision/detect/detector.hpp"

namespace hailstone::picture {

/// [[x, y, width, height], ...]: middle and size of each, as parts of the network's input. Throws
/// Error(kBadRequest) for anything else. name: of the model, for the message.
std::vector<vision::Anchor> parse_anchors(const std::string& json, const std::string& name);

}  // namespace hailstone::picture
