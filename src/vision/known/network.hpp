// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the rules of recognise() look at.

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vision/known/recognise.hpp"

namespace hailstone::vision {

using Shape = std::span<const std::int64_t>;

class Network {
 public:
  Network(std::span<const inference::TensorInfo> inputs,
          std::span<const inference::TensorInfo> outputs, const Clues& clues);

  /// The input that takes a picture: its size (0: any), channels and layout.
  const std::optional<inference::ImageInput>& image() const noexcept { return image_; }
  std::span<const inference::TensorInfo> inputs() const noexcept { return inputs_; }
  std::span<const inference::TensorInfo> outputs() const noexcept { return outputs_; }
  const std::vector<std::string>& names() const noexcept { return names_; }
  const Clues& clues() const noexcept { return *clues_; }
  /// Empty where the file does not say.
  std::string_view metadata(const std::string& key) const noexcept;

  /// The sides or strides in a text of the metadata: "[640, 480]"; what is none is left out.
  std::vector<int> numbers(const std::string& key) const;

  bool has_input(std::string_view name) const noexcept;
  bool has_outputs(std::initializer_list<std::string_view> names) const noexcept;
  /// Without a batch dimension where there are more than two.
  Shape shape(std::size_t output) const noexcept;
  /// How many outputs have this last dimension.
  int count_last(std::int64_t extent) const noexcept;
  /// Whether an output is a map of so many channels, in either layout.
  bool has_map(std::int64_t channels) const noexcept;
  /// All cells of the strides 8, 16, 32 (and further) of a known input size; 0: not known.
  std::int64_t cells(int largest_stride = 32) const noexcept;

  /// How many names the file has, or labels come with it; otherwise the given number.
  std::size_t class_count(std::int64_t from_shape) const noexcept;

 private:
  std::span<const inference::TensorInfo> inputs_;
  std::span<const inference::TensorInfo> outputs_;
  const Clues* clues_;
  std::optional<inference::ImageInput> image_;
  std::vector<std::string> names_;
};

/// How pictures have to be before a family of networks; size and layout are the network's own.
enum class Preparation : std::uint8_t {
  kUnit,      ///< RGB 0..1, letterboxed in grey: Ultralytics
  kRawBgr,    ///< BGR 0..255, grey below and on the right: YOLOX
  kBgrFace,   ///< BGR 0..255, black below and on the right: YuNet
  kSigned,    ///< RGB -1..1, stretched
  kScrfd,     ///< RGB (x - 127.5) / 128, black below and on the right
  kImagenet,  ///< RGB by ImageNet's mean and deviation, stretched
  kImagenetCrop,
  kImagenetBgr,  ///< BGR by ImageNet's, letterboxed in black: NanoDet
  kCenterNet,    ///< BGR by CenterNet's own, letterboxed in black
  kStretchUnit,  ///< RGB 0..1, stretched
  kCropUnit,     ///< RGB 0..1, the middle: Ultralytics' classifiers
  kRaw,          ///< RGB 0..255, letterboxed in grey: HEFs have the rest inside
  kClip,
};

/// Whether a tensor's shape is a picture's.
bool is_picture(const inference::TensorInfo& info) noexcept;

/// A result of a rule.
KnownNetwork make_known(const Network& network, std::string task, std::string decoder,
                        std::string labels, Preparation preparation);

/// The same, with what it was known by.
KnownNetwork make_known(KnownNetwork known, Certainty certainty, std::string sign);

/// How pictures go into a detector of text (DB), which takes sides of 32 only.
void take_sides_of_text(KnownNetwork& known);

/// The label set of so many COCO classes, unless the file's own names say something else.
std::string coco_labels(const Network& network, std::int64_t classes);

}  // namespace hailstone::vision
