// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/service.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "media/codec/decode.hpp"
#include "services/vision/faces/embedder.hpp"
#include "services/vision/faces/margin.hpp"

namespace hailstone::faces {
namespace {

void identify(Face& face, const core::People& people, double threshold) {
  const auto& embedding = *face.embedding;
  const auto nearest = core::find_nearest(people, embedding.weights, embedding.vector);
  if (nearest.person == nullptr) return;
  face.similarity = nearest.similarity;
  if (nearest.similarity >= threshold) face.person = nearest.person->name;
}

/// Empty where some of the people's faces come from these weights.
std::string why_incomparable(const core::People& people, const Embedder& embedder) {
  for (const auto& person : people.people) {
    for (const auto& face : person.faces) {
      if (face.weights == embedder.weights()) return {};
    }
  }
  const auto models = core::other_models(people, embedder.weights());
  return "nobody can be recognised: the faces that are known were read by " +
         join({models.begin(), models.end()}, ", ") + ", which " + embedder.model() +
         " cannot be compared with; enrol the people again";
}

void refuse_without_landmarks(const std::string& model) {
  throw Error(ErrorCode::kUnsupported, "model '" + model + "' finds faces without landmarks",
              "embeddings need five of them, as yunet, retinaface and scrfd give");
}

}  // namespace

/// What the detector saw, with all pixels: a face is to be cut out of them.
struct FaceService::Sighting {
  const media::DecodedImage& picture;  // the photo's
  std::vector<vision::Detection> detections{};
  std::string model{};
  std::string engine{};
  picture::Timings timings{};

  bool has_landmarks() const {
    return std::all_of(detections.begin(), detections.end(), faces::has_landmarks);
  }
};

core::PeopleStore& FaceService::people() const {
  if (people_ != nullptr) return *people_;
  throw Error(ErrorCode::kForbidden, "no people are kept here: the setting people is off",
              "the operator turns it on with people = true, HAILSTONE_PEOPLE=true or "
              "hailstone serve --people");
}

// Gives the detector back before an embedder is asked for: who holds one model while waiting for
// another may wait for somebody who does the same.
FaceService::Sighting FaceService::detect(picture::Photo& photo,
                                          const picture::ObjectOptions& options,
                                          const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  picture::Network network(choice_, choice_.choose("face-detect", options.model), run, clock_);
  Sighting sighting{network.decode(photo, picture::Pixels::kAll)};
  picture::ObjectTask wanted;
  wanted.options = options;
  auto& found = sighting.detections;
  found = finder_.find_in(network, sighting.picture, wanted, run);
  if (needs_margin(found, sighting.picture.header)) {
    const auto smaller = with_margin(sighting.picture, network.input_size());
    found = merge_looks(std::move(found), finder_.find_in(network, smaller, wanted, run),
                        sighting.picture.header);
  }
  sighting.model = network.model().chosen.name;
  sighting.engine = network.engine();
  sighting.timings = network.timings();
  return sighting;
}

FacesResult FaceService::find(picture::Photo& photo, const FaceTask& task, const RunContext& run) {
  std::shared_ptr<const core::People> known;  // shared: see PeopleStore::read
  const bool wants_people = task.identify == Identify::kYes ||
                            (task.identify == Identify::kIfPossible && people_ != nullptr);
  if (wants_people) known = people().read();
  Sighting sighting = detect(photo, task.objects, run);
  const bool must_embed = task.embed || task.identify == Identify::kYes;
  const bool can_embed = sighting.has_landmarks();
  if (must_embed && !can_embed) refuse_without_landmarks(sighting.model);

  FacesResult result;
  for (auto& detection : sighting.detections) {
    result.faces.emplace_back().detection = std::move(detection);
  }
  result.is_identified = wants_people;
  result.has_embeddings = task.embed;
  result.size = photo.size();
  result.model = std::move(sighting.model);
  result.engine = std::move(sighting.engine);
  result.timings = sighting.timings;
  const bool knows_somebody = known != nullptr && !known->people.empty();
  if (knows_somebody && !can_embed) {
    result.note = "nobody can be recognised: model '" + result.model + "' gives no landmarks";
  }
  const bool has_reason = task.embed || knows_somebody;
  if (has_reason && can_embed && !result.faces.empty()) {
    look_closer(result, sighting.picture.image, task, knows_somebody ? known.get() : nullptr, run);
  }
  return result;
}

void FaceService::look_closer(FacesResult& result, const media::Image& picture,
                              const FaceTask& task, const core::People* people,
                              const RunContext& run) {
  Embedder embedder(choice_, task.embed_model, run, clock_);
  for (auto& face : result.faces) {
    face.embedding = embedder.embed(picture, face.detection, run);
    if (people != nullptr) {
      identify(face, *people, task.min_similarity.value_or(people->threshold));
    }
  }
  if (people != nullptr) result.note = why_incomparable(*people, embedder);
  result.timings += embedder.timings();
}

std::vector<core::FaceEmbedding> FaceService::embed_single_faces(
    std::vector<picture::Photo>& photos, const picture::ObjectOptions& options,
    const std::string& embed_model, const RunContext& run) {
  std::vector<core::FaceEmbedding> faces;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const Sighting sighting = detect(photos[i], options, run);
    const auto count = sighting.detections.size();
    if (count != 1) {
      throw Error(ErrorCode::kBadRequest,
                  "picture " + std::to_string(i + 1) + " of " + std::to_string(photos.size()) +
                      " must show exactly one face, found " + std::to_string(count),
                  count == 0 ? "a face from the front, larger or better lit, or a lower threshold"
                             : "cut the face out, or name its region");
    }
    if (!sighting.has_landmarks()) refuse_without_landmarks(sighting.model);
    Embedder embedder(choice_, embed_model, run, clock_);
    faces.push_back(embedder.embed(sighting.picture.image, sighting.detections.front(), run));
  }
  return faces;
}

Enrolled FaceService::enrol(std::vector<picture::Photo>& photos, const Enrolment& enrolment,
                            const RunContext& run) {
  auto& store = people();
  core::check_person_name(enrolment.name);
  const auto faces = embed_single_faces(photos, enrolment.objects, enrolment.embed_model, run);
  return {faces.size(), store.enrol(enrolment.name, faces)};
}

double FaceService::compare(std::vector<picture::Photo>& photos, const RunContext& run) {
  const auto faces = embed_single_faces(photos, default_objects(), {}, run);
  core::People people;
  people.people.push_back({"", {}, {faces[0]}});
  return core::find_nearest(people, faces[1].weights, faces[1].vector).similarity;
}

}  // namespace hailstone::faces
