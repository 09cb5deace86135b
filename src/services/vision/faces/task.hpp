// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Faces in a picture, and whose they are, as plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/people/nearest.hpp"
#include "services/vision/picture/objects.hpp"

namespace hailstone::faces {

/// Detectors of faces are surer than those of objects: what is below 0.5 is mostly none.
inline picture::ObjectOptions default_objects() {
  picture::ObjectOptions options;
  options.threshold = 0.5;
  return options;
}

enum class Identify : std::uint8_t {
  kIfPossible,  ///< where people are kept, and with landmarks
  kYes,         ///< or an error
  kNo,
};

struct FaceTask {
  picture::ObjectOptions objects = default_objects();
  std::string embed_model;  ///< empty: the default
  Identify identify = Identify::kIfPossible;
  std::optional<double> min_similarity;  ///< nothing: the store's threshold
  bool embed = false;                    ///< the embeddings are wanted
};

struct Face {
  vision::Detection detection;  ///< pixels of the original picture
  std::optional<core::FaceEmbedding> embedding;
  std::optional<std::string> person;  ///< nothing: nobody that is known
  std::optional<double> similarity;  ///< cosine to the nearest known face; nothing: none to compare
};

struct FacesResult {
  std::vector<Face> faces;      ///< best first
  bool is_identified = false;   ///< people were looked for
  bool has_embeddings = false;  ///< they were asked for
  std::string note;    ///< why nobody can be recognised although people are kept; mostly empty
  picture::Size size;  ///< of the original picture
  std::string model;
  std::string engine;
  picture::Timings timings;
};

}  // namespace hailstone::faces
