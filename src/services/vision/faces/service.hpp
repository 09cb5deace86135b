// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds faces, tells whose they are, and gets to know people.

#include <string>
#include <vector>

#include "core/people/people_store.hpp"
#include "services/vision/faces/task.hpp"

namespace hailstone::faces {

class Embedder;

struct Enrolment {
  std::string name;
  picture::ObjectOptions objects = default_objects();
  std::string embed_model;
};

struct Enrolled {
  std::size_t added = 0;
  std::size_t faces = 0;  ///< that the person has now
};

/// Thread-safe.
class FaceService {
 public:
  /// people: null where the operator keeps none. All of them outlive the service.
  FaceService(picture::ModelChoice& choice, core::PeopleStore* people,
              const Clock& clock = system_clock())
      : choice_(choice), finder_(choice, clock), people_(people), clock_(clock) {}

  /// Throws as ObjectFinder::find, Embedder and the store do; kForbidden where identities are
  /// wanted and no people are kept; kUnsupported where embeddings are wanted of a detector without
  /// landmarks.
  FacesResult find(picture::Photo& photo, const FaceTask& task, const RunContext& run);

  /// photos: of one face each; all of them or none. Throws kBadRequest that says in which picture
  /// how many faces were found unless it is one, and what find() and PeopleStore::enrol throw.
  Enrolled enrol(std::vector<picture::Photo>& photos, const Enrolment& enrolment,
                 const RunContext& run);

  /// Cosine of the faces of two photos, one in each; throws as enrol. Needs no store.
  double compare(std::vector<picture::Photo>& photos, const RunContext& run);

  /// Throws Error(kForbidden) that names the setting where no people are kept.
  core::PeopleStore& people() const;

 private:
  struct Sighting;
  Sighting detect(picture::Photo& photo, const picture::ObjectOptions& options,
                  const RunContext& run);
  std::vector<core::FaceEmbedding> embed_single_faces(std::vector<picture::Photo>& photos,
                                                      const picture::ObjectOptions& options,
                                                      const std::string& embed_model,
                                                      const RunContext& run);
  void look_closer(FacesResult& result, const media::Image& picture, const FaceTask& task,
                   const core::People* people, const RunContext& run);

  picture::ModelChoice& choice_;
  picture::ObjectFinder finder_;
  core::PeopleStore* people_;
  const Clock& clock_;
};

}  // namespace hailstone::faces
