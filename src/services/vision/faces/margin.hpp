// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Portraits and cut-out faces. Detectors have been shown few faces that fill a picture, and miss
// them, see them twice, or put their landmarks in the wrong places; with room around them they do
// not. All pure.

#include <vector>

#include "media/codec/decode.hpp"
#include "services/vision/picture/network.hpp"
#include "vision/results.hpp"

namespace hailstone::faces {

/// The whole picture in the middle half of a black one of the network's input size (640 x 640 where
/// that may be any). The header stays the original's, so that results are in its pixels.
media::DecodedImage with_margin(const media::DecodedImage& picture, picture::Size input);

/// Whether to look at the picture with a margin too: nothing was found in it, or a face that takes
/// more than half of one of its sides.
bool needs_margin(const std::vector<vision::Detection>& found, const media::ImageHeader& picture);

/// What was found with the margin, and of what was found without it the small faces elsewhere.
/// Where nothing was found with it: all that was found without. Best first.
std::vector<vision::Detection> merge_looks(std::vector<vision::Detection> without,
                                           std::vector<vision::Detection> with,
                                           const media::ImageHeader& picture);

}  // namespace hailstone::faces
