// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a face is brought to where face embedders want it. Pure; any thread.

#include <array>
#include <span>

#include "vision/results.hpp"

namespace hailstone::vision {

inline constexpr int kAlignedFaceSize = 112;  ///< pixels, both ways

/// Left eye, right eye, nose, left and right corner of the mouth, as seen in the picture: where
/// InsightFace's ArcFace expects them within 112 x 112.
std::span<const Keypoint, 5> face_template() noexcept;

/// x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5]: turn, scale and shift, no mirroring.
using FaceTransform = std::array<double, 6>;

/// From the picture to the aligned face, by least squares (Umeyama 1991, in the plane). Throws
/// Error(kEngineFailed) unless there are five finite points that are not all the same.
FaceTransform align_face(std::span<const Keypoint> points);

}  // namespace hailstone::vision
