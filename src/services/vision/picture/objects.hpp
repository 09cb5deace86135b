// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a picture to what was found in it: what detection, pose, segmentation and faces share.

#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/codec/decode.hpp"
#include "services/vision/picture/network.hpp"
#include "services/vision/picture/upload/options.hpp"
#include "vision/results.hpp"

namespace hailstone::picture {

enum class Masks { kNone, kMake };

/// What a request that looks for objects wants.
struct ObjectTask {
  ObjectOptions options;
  Masks masks = Masks::kNone;
  bool decode_whole = false;  ///< all pixels are needed: somebody will draw on them
};

struct ObjectResult {
  std::vector<vision::Detection> detections;  ///< best first; pixels of the original picture
  std::vector<std::string> labels;            ///< by class
  bool is_oriented = false;                   ///< the boxes are turned, each by its angle
  Size size;                                  ///< of the original picture
  std::string model;
  std::string engine;
  std::string note;  ///< what a model that is only a beginning cannot do; mostly empty
  Timings timings;

  /// "class 7" where the model has no name for it.
  std::string label_of(const vision::Detection& detection) const;
};

/// Thread-safe as the choice is.
class ObjectFinder {
 public:
  explicit ObjectFinder(ModelChoice& choice, const Clock& clock = system_clock())
      : choice_(choice), clock_(clock) {}

  /// task: the catalogue's word. Throws Error(kBadRequest, kTooLarge) for a bad picture or options,
  /// what ModelChoice::choose and Network throw, kUnsupported where nobody can read the network.
  ObjectResult find(std::string_view task, Photo& photo, const ObjectTask& wanted,
                    const RunContext& run);
  /// The same with a model for any of the tasks; see ModelChoice::choose.
  ObjectResult find(std::span<const std::string_view> tasks, Photo& photo, const ObjectTask& wanted,
                    const RunContext& run);

  /// The same with a network that is leased already.
  ObjectResult find(Network& network, Photo& photo, const ObjectTask& wanted,
                    const RunContext& run) const;

  /// The same in a picture that is decoded already.
  std::vector<vision::Detection> find_in(Network& network, const media::DecodedImage& picture,
                                         const ObjectTask& wanted, const RunContext& run) const;

 private:
  class Ahead;

  ModelChoice& choice_;
  const Clock& clock_;
  std::atomic<int> ahead_{0};  ///< pictures that are decoded before their turn
};

/// Indices of the labels that are asked for; empty: all. Throws Error(kBadRequest) that names one
/// that the model does not know.
std::vector<int> find_classes(const std::vector<std::string>& names, const VisionModel& model);

/// Whether tiles=auto looks in tiles: where the picture is more than twice as large as the input,
/// small objects would vanish. Pure.
bool wants_tiles(Tiling tiling, Size picture, Size input) noexcept;

}  // namespace hailstone::picture
