// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// People as they are kept, and whose face is most like a given one. Values and pure functions.

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace hailstone::core {

/// A face as one network sees it. What another network says of the same face is a direction in
/// another space: only embeddings of equal weights can be compared.
struct FaceEmbedding {
  std::string model;          ///< its name when the face was added, for people
  std::string weights;        ///< SHA-256 of the network's file
  std::vector<float> vector;  ///< of length 1
  WallTime added{};           ///< set by the store
};

struct Person {
  std::string name;
  WallTime added{};
  std::vector<FaceEmbedding> faces;
};

struct People {
  std::vector<Person> people;  ///< by name
  double threshold = 0;        ///< cosine, from which on two faces count as one person's

  const Person* find(std::string_view name) const noexcept;
};

struct Nearest {
  const Person* person = nullptr;  ///< within the given People; null: nobody can be compared
  double similarity = 0;           ///< cosine, -1 to 1; the best of the person's faces
};

/// The person with the face most like this one, however unlike it is: the caller compares with the
/// threshold. vector: of length 1. Other weights and other dimensions never match.
Nearest find_nearest(const People& people, std::string_view weights, std::span<const float> vector);

/// Models that made faces which these weights cannot be compared with.
std::set<std::string> other_models(const People& people, std::string_view weights);

}  // namespace hailstone::core
