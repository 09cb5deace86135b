// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a picture becomes a network's input, as the model's manifest says it (the setting "input").

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::inference {

enum class TensorLayout : std::uint8_t { kNhwc, kNchw };
enum class ColorOrder : std::uint8_t { kRgb, kBgr, kGray };
enum class Resize : std::uint8_t {
  kLetterbox,
  kLetterboxTopLeft,  ///< padding only below or on the right
  kStretch,
  kCrop,
};

/// What brings a picture to width x height is up to whoever calls the engine; mean, std, layout,
/// colour order and type are the engine's job: (value - mean) / std for each channel of a 0..255
/// pixel.
struct ImageInput {
  int width = 0;  ///< zero: any, within the next two
  int height = 0;
  int multiple = 1;     ///< of which a side that may be any has to be
  int min_side = 1;     ///< the larger side of a picture is made so long for an input of any size
  int max_side = 1280;  ///< and at most so long
  int channels = 3;
  TensorLayout layout = TensorLayout::kNhwc;
  ColorOrder color = ColorOrder::kRgb;
  Resize resize = Resize::kStretch;
  std::uint8_t pad = 0;      ///< around a letterboxed picture
  std::vector<double> mean;  ///< empty: 0; one: for all channels; else one per channel
  std::vector<double> std;   ///< empty: 1; otherwise as mean; never 0

  bool operator==(const ImageInput&) const = default;
};

/// Reads the setting: a JSON object with the catalogue's words, each of which may be absent. Pure.
/// Throws Error(kBadRequest) that names the field.
ImageInput parse_image_input(std::string_view json);

/// The same of a model's settings, where they say it: "input", or "input.KIND" of a further
/// network.
std::optional<ImageInput> find_image_input(const std::map<std::string, std::string>& settings,
                                           const std::string& key = "input");

/// The inverse of parse_image_input.
std::string write_image_input(const ImageInput& input);

}  // namespace hailstone::inference
