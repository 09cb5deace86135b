// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a network is, where nobody said so or only half of it: from the names and shapes of its
// tensors, from what its file says of itself, and from what its user says. How sure that is belongs
// to the answer: a shape alone is a guess. Pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inference/image_input.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::vision {

enum class Certainty : std::uint8_t {
  kGuess,   ///< its shapes are those of such networks, and of others
  kLikely,  ///< its shapes or a name are of no others that we know
  kSure,    ///< its names, its file or its user say so
};

/// "guess", "likely", "sure".
std::string_view name_of(Certainty certainty) noexcept;
/// The inverse; nothing for another word.
std::optional<Certainty> find_certainty(std::string_view name) noexcept;

struct KnownNetwork {
  std::string task;     ///< the catalogue's word: "detect"
  std::string decoder;  ///< "yolov8"
  std::string labels;   ///< a label set: "coco80"; empty: none, or not known
  /// Class names that the file itself has (Ultralytics' "names"), by index; empty: none.
  std::vector<std::string> names;
  inference::ImageInput input;
  Certainty certainty = Certainty::kGuess;
  std::string sign;  ///< what it was known by, for people: "the names of its outputs"
};

/// What is known of a network besides its tensors. All may be empty.
struct Clues {
  std::map<std::string, std::string> metadata;  ///< the file's own (ONNX metadata_props)
  std::size_t label_count = 0;                  ///< of the labels that come with it
  std::string task;                             ///< as its user says
  std::string decoder;                          ///< as its user says
};

/// Nothing where the network is not known, and where it is known for another task than its user
/// says.
std::optional<KnownNetwork> recognise(std::span<const inference::TensorInfo> inputs,
                                      std::span<const inference::TensorInfo> outputs,
                                      const Clues& clues);

/// How the network takes a picture if nothing but its first input's shape is known: RGB, 0 to 1,
/// stretched. Nothing where no input is a picture.
std::optional<inference::ImageInput> plain_input(std::span<const inference::TensorInfo> inputs);

/// How many pictures the network takes at once, where its input has a fixed number; else 1.
std::int64_t count_pictures(std::span<const inference::TensorInfo> inputs) noexcept;

}  // namespace hailstone::vision
