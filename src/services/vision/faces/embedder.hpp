// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a face in a picture to its embedding.

#include <string_view>

#include "core/people/nearest.hpp"
#include "media/image.hpp"
#include "services/vision/picture/network.hpp"
#include "vision/results.hpp"

namespace hailstone::faces {

/// Whether the detector gave what an embedder needs: two eyes, nose, corners of the mouth.
bool has_landmarks(const vision::Detection& face) noexcept;

/// A leased network for one request; belongs to its thread.
class Embedder {
 public:
  /// model: empty for the default. Blocks until it is loaded; throws as ModelChoice::choose and
  /// Network do, kUnsupported for a decoder that makes no embeddings.
  Embedder(picture::ModelChoice& choice, std::string_view model, const RunContext& run,
           const Clock& clock);

  /// The face is turned and scaled to ArcFace's 112 x 112 by its landmarks, which must be there.
  /// Throws as Network::look, vision::align_face and vision::read_embedding do.
  core::FaceEmbedding embed(const media::Image& picture, const vision::Detection& face,
                            const RunContext& run);

  const std::string& model() const noexcept { return network_.model().chosen.name; }
  const std::string& weights() const noexcept { return weights_; }
  const picture::Timings& timings() noexcept { return network_.timings(); }

 private:
  picture::Network network_;
  std::string weights_;
};

}  // namespace hailstone::faces
