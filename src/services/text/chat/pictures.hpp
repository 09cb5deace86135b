// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pictures on their way to a language model. Pure.

#include <string>
#include <vector>

#include "inference/message.hpp"

namespace hailstone::chat {

/// The longer side of what a model gets. Projectors scale down to less than this, or cut tiles of
/// some hundred pixels: more would only be carried about.
inline constexpr int kMostPictureSide = 2048;
/// The same where a client wants little detail.
inline constexpr int kLowDetailSide = 512;

/// Goes as it is where the model's engine reads it: JPEG or PNG, upright, no side above most_side.
/// Else it is decoded, turned, scaled and encoded anew. Throws Error(kBadRequest) for what is no
/// picture, Error(kUnsupported) for other formats, Error(kTooLarge) for more pixels than are
/// decoded.
std::string prepare_picture(std::string bytes, int most_side = kMostPictureSide);

/// All of a conversation; the error names the message and the part.
void prepare_pictures(std::vector<inference::Message>& messages);

}  // namespace hailstone::chat
