// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a model runs that could run in several places: on which engine. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/measurements/measurement.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::core {

/// One way to run a model.
struct Place {
  std::string engine;
  bool works = true;                ///< its engine works here and can load the file
  std::vector<int> merit = {};      ///< of several for one engine the greater is taken
  std::optional<Speed> speed = {};  ///< measured here
};

/// Whether that engine needs an accelerator.
bool is_accelerated(std::string_view engine);

/// True where the first is the better place while nothing is measured: one that works; then the
/// accelerator for vision and speech, the processor for language.
bool is_better(std::string_view task, const Place& a, const Place& b);

/// The best while nothing is measured, the first of equals; where that one is measured, the fastest
/// of those that are measured in the same way: a figure alone says nothing of who has none. There
/// must be a place.
std::size_t choose_place(std::string_view task, const std::vector<Place>& places);

/// Under which name a model's variant for an engine is stored: "yolox-nano" -> "yolox-nano:onnx",
/// "qwen2.5:1.5b" -> "qwen2.5:1.5b-hailo".
ModelName variant_name(const ModelName& plain, std::string_view engine);

/// The inverse; nothing for a name that does not say the engine.
std::optional<ModelName> find_plain_name(const ModelName& name, std::string_view engine);

}  // namespace hailstone::core
