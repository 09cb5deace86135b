// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/embedder.hpp"

#include "base/error.hpp"
#include "media/geometry/warp.hpp"
#include "vision/boxes/face_alignment.hpp"
#include "vision/scores/embedding.hpp"

namespace hailstone::faces {
namespace {

constexpr std::size_t kLandmarks = 5;

/// A copy of a model under another name is the same network.
std::string weights_of(const core::StoredModel& stored) {
  const core::Layer* layer = stored.find_layer("model");
  return layer == nullptr ? stored.digest : layer->digest;
}

picture::VisionModel choose(picture::ModelChoice& choice, std::string_view name) {
  auto model = choice.choose("face-embed", name);
  if (model.decoder.empty() || model.decoder == "embedding") return model;
  throw Error(ErrorCode::kUnsupported, "model '" + model.chosen.name + "' has the decoder '" +
                                           model.decoder + "', which makes no embeddings");
}

}  // namespace

bool has_landmarks(const vision::Detection& face) noexcept {
  return face.keypoints.size() == kLandmarks;
}

Embedder::Embedder(picture::ModelChoice& choice, std::string_view model, const RunContext& run,
                   const Clock& clock)
    : network_(choice, choose(choice, model), run, clock),
      weights_(weights_of(network_.model().chosen.stored)) {}

core::FaceEmbedding Embedder::embed(const media::Image& picture, const vision::Detection& face,
                                    const RunContext& run) {
  run.check();
  media::Image aligned;
  {
    const picture::Stage stage(network_.timings().pre, network_.clock());
    aligned = media::warp(picture, {vision::align_face(face.keypoints)}, vision::kAlignedFaceSize,
                          vision::kAlignedFaceSize);
  }
  const auto look = network_.look(aligned, run);
  const picture::Stage stage(network_.timings().post, network_.clock());
  if (look.outputs.empty()) {
    throw Error(ErrorCode::kEngineFailed, "model '" + model() + "' gave no output");
  }
  return {model(), weights_, vision::read_embedding(look.outputs.front()), {}};
}

}  // namespace hailstone::faces
