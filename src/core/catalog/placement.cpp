// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/placement.hpp"

#include <tuple>

#include "base/strings.hpp"
#include "inference/engines/engine_descriptor.hpp"

namespace hailstone::core {
namespace {

constexpr std::string_view kAnyTag = "latest";

/// For these the processor is the better place until something else is measured: an accelerator
/// holds only one such model at a time, with a short context. A model that Ollama has stored names
/// no task.
bool is_language(std::string_view task) noexcept {
  return task == "chat" || task == "embed" || task == "rerank" || task.empty();
}

auto rank(std::string_view task, const Place& place) {
  // Where nothing works, a file is fetched for the processor: fetching is not running.
  const bool wants_processor = !place.works || is_language(task);
  const bool is_preferred = is_accelerated(place.engine) != wants_processor;
  return std::make_tuple(place.works, is_preferred, place.merit);
}

}  // namespace

bool is_accelerated(std::string_view engine) {
  const auto* known = inference::find_known_engine(engine);
  return known != nullptr && !known->accelerator.empty();
}

bool is_better(std::string_view task, const Place& a, const Place& b) {
  return rank(task, a) > rank(task, b);
}

std::size_t choose_place(std::string_view task, const std::vector<Place>& places) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (is_better(task, places[i], places[best])) best = i;
  }
  const auto first = places[best].speed;
  if (!first || !places[best].works) return best;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& speed = places[i].speed;
    const bool counts = places[i].works && speed && speed->kind == first->kind;
    if (counts && speed->per_second > places[best].speed->per_second) best = i;
  }
  return best;
}

ModelName variant_name(const ModelName& plain, std::string_view engine) {
  ModelName out = plain;
  const bool is_any = equals_ignoring_case(plain.tag, kAnyTag);
  out.tag = is_any ? std::string(engine) : plain.tag + "-" + std::string(engine);
  return out;
}

std::optional<ModelName> find_plain_name(const ModelName& name, std::string_view engine) {
  ModelName out = name;
  if (engine.empty()) return std::nullopt;
  if (equals_ignoring_case(name.tag, engine)) {
    out.tag = kAnyTag;
    return out;
  }
  if (name.tag.size() < engine.size() + 2) return std::nullopt;
  const std::size_t at = name.tag.size() - engine.size();
  if (name.tag[at - 1] != '-' || !equals_ignoring_case(name.tag.substr(at), engine)) {
    return std::nullopt;
  }
  out.tag.resize(at - 1);
  return out;
}

}  // namespace hailstone::core
