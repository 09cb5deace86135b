// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/people/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace hailstone::core {
namespace {

double dot(std::span<const float> a, std::span<const float> b) noexcept {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

const Person* People::find(std::string_view name) const noexcept {
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const auto& person) { return person.name == name; });
  return found == people.end() ? nullptr : &*found;
}

Nearest find_nearest(const People& people, std::string_view weights,
                     std::span<const float> vector) {
  Nearest nearest;
  for (const auto& person : people.people) {
    for (const auto& face : person.faces) {
      if (face.weights != weights || face.vector.size() != vector.size()) continue;
      const double similarity = std::clamp(dot(face.vector, vector), -1.0, 1.0);
      if (nearest.person != nullptr && similarity <= nearest.similarity) continue;
      nearest = {&person, similarity};
    }
  }
  return nearest;
}

std::set<std::string> other_models(const People& people, std::string_view weights) {
  std::set<std::string> models;
  for (const auto& person : people.people) {
    for (const auto& face : person.faces) {
      if (face.weights != weights) models.insert(face.model);
    }
  }
  return models;
}

}  // namespace hailstone::core
