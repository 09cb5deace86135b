// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The detectors, as tensor sessions.
//
// People and faces: input "image" uint8 [1, height, width, 3], RGB, any size; output "boxes"
// float32 [N, 6], each x, y, width, height in pixels of that picture, score, class (0); best first.
//
// Stereo: inputs "left" and "right" alike, of one size, rectified; output "disparity" float32
// [1, height, width]: so many pixels further left is the same point in the right picture; 0 where
// it is not known (occluded, too plain, beyond the range that was tried).
//
// Scores are from 0 to 1: 1 / (1 + exp(-slope * (weight - middle))) of the detector's own weight,
// so that among boxes of a score about that share is right. Slope and middle were fitted (Platt
// 1999, with his targets) on few pictures: people on 44 boxes in 51 pictures of COCO and a street
// scene, faces on 41 boxes in 53. Good to rank by, a rough guess as a probability.

#include <filesystem>
#include <memory>
#include <optional>

#include "inference/tensor_session.hpp"

namespace hailstone::engines::opencv {

/// Histograms of oriented gradients and a linear classifier (Dalal and Triggs 2005), for people who
/// stand upright and are seen whole; with face_file (as of make_face_detector) also those whose
/// face is seen from the front, with a box guessed from the face. most: so many runs at the same
/// time. Throws Error(kEngineFailed) where the file is damaged.
std::unique_ptr<inference::TensorSession> make_people_detector(
    int max_side, const std::optional<std::filesystem::path>& face_file, std::size_t most);

/// A cascade of Haar features (Viola and Jones 2001), for faces seen from the front. file:
/// haarcascade_frontalface_alt.xml. most: so many runs at the same time. Throws
/// Error(kEngineFailed) where the file is damaged.
std::unique_ptr<inference::TensorSession> make_face_detector(int max_side,
                                                             const std::filesystem::path& file,
                                                             std::size_t most);

/// Semi-global block matching (Hirschmüller 2008). disparities: 0, or a multiple of 16.
std::unique_ptr<inference::TensorSession> make_stereo_matcher(int max_side, int disparities);

}  // namespace hailstone::engines::opencv
