// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/network.hpp"

#include <algorithm>
#include <charconv>

#include "vision/known/class_names.hpp"

namespace hailstone::vision {
namespace {

using inference::ColorOrder;
using inference::ImageInput;
using inference::Resize;
using inference::TensorLayout;

constexpr std::int64_t kMaxSide = 1 << 14;

bool is_color(std::int64_t channels) noexcept {
  return channels == 3 || channels == 1;
}

int to_side(std::int64_t extent) noexcept {
  return extent > 0 && extent <= kMaxSide ? static_cast<int>(extent) : 0;
}

std::optional<ImageInput> find_image(const inference::TensorInfo& info) noexcept {
  Shape shape = info.shape;
  if (shape.size() == 4) shape = shape.subspan(1);
  if (shape.size() != 3) return std::nullopt;
  ImageInput image;
  if (is_color(shape[0]) && !(shape[2] == 3 && shape[0] == 1)) {
    image.layout = TensorLayout::kNchw;
    image.channels = static_cast<int>(shape[0]);
    image.height = to_side(shape[1]);
    image.width = to_side(shape[2]);
    return image;
  }
  if (!is_color(shape[2])) return std::nullopt;
  image.layout = TensorLayout::kNhwc;
  image.channels = static_cast<int>(shape[2]);
  image.height = to_side(shape[0]);
  image.width = to_side(shape[1]);
  return image;
}

struct Recipe {
  ColorOrder color;
  Resize resize;
  std::uint8_t pad;
  std::vector<double> mean;
  std::vector<double> std;
};

Recipe recipe_of(Preparation preparation) {
  const std::vector<double> mean = {123.675, 116.28, 103.53};
  const std::vector<double> deviation = {58.395, 57.12, 57.375};
  switch (preparation) {
    case Preparation::kUnit:
      return {ColorOrder::kRgb, Resize::kLetterbox, 114, {}, {255}};
    case Preparation::kRawBgr:
      return {ColorOrder::kBgr, Resize::kLetterboxTopLeft, 114, {}, {}};
    case Preparation::kBgrFace:
      return {ColorOrder::kBgr, Resize::kLetterboxTopLeft, 0, {}, {}};
    case Preparation::kSigned:
      return {ColorOrder::kRgb, Resize::kStretch, 0, {127.5}, {127.5}};
    case Preparation::kScrfd:
      return {ColorOrder::kRgb, Resize::kLetterboxTopLeft, 0, {127.5}, {128}};
    case Preparation::kImagenet:
      return {ColorOrder::kRgb, Resize::kStretch, 0, mean, deviation};
    case Preparation::kImagenetCrop:
      return {ColorOrder::kRgb, Resize::kCrop, 0, mean, deviation};
    case Preparation::kImagenetBgr:
      return {ColorOrder::kBgr,
              Resize::kLetterbox,
              0,
              {103.53, 116.28, 123.675},
              {57.375, 57.12, 58.395}};
    case Preparation::kCenterNet:
      return {ColorOrder::kBgr,
              Resize::kLetterbox,
              0,
              {104.04, 113.985, 119.85},
              {73.695, 69.87, 70.89}};
    case Preparation::kStretchUnit:
      return {ColorOrder::kRgb, Resize::kStretch, 0, {}, {255}};
    case Preparation::kCropUnit:
      return {ColorOrder::kRgb, Resize::kCrop, 0, {}, {255}};
    case Preparation::kRaw:
      return {ColorOrder::kRgb, Resize::kLetterbox, 114, {}, {}};
    case Preparation::kClip:
      return {ColorOrder::kRgb,
              Resize::kCrop,
              0,
              {122.7709, 116.7460, 104.0937},
              {68.5005, 66.6322, 70.3232}};
  }
  return {};
}

}  // namespace

Network::Network(std::span<const inference::TensorInfo> inputs,
                 std::span<const inference::TensorInfo> outputs, const Clues& clues)
    : inputs_(inputs), outputs_(outputs), clues_(&clues) {
  for (const auto& input : inputs) {
    if (!image_) image_ = find_image(input);
  }
  names_ = parse_class_names(this->metadata("names"));
}

std::string_view Network::metadata(const std::string& key) const noexcept {
  const auto found = clues_->metadata.find(key);
  return found == clues_->metadata.end() ? std::string_view() : found->second;
}

std::vector<int> Network::numbers(const std::string& key) const {
  std::vector<int> out;
  const auto text = metadata(key);
  for (const char* at = text.data(); at < text.data() + text.size();) {
    int value = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), value);
    if (error == std::errc() && value > 0 && value <= kMaxSide) out.push_back(value);
    at = end == at ? at + 1 : end;
  }
  return out;
}

bool Network::has_input(std::string_view name) const noexcept {
  return std::any_of(inputs_.begin(), inputs_.end(),
                     [&](const auto& input) { return input.name == name; });
}

bool Network::has_outputs(std::initializer_list<std::string_view> names) const noexcept {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
    return std::any_of(outputs_.begin(), outputs_.end(),
                       [&](const auto& output) { return output.name == name; });
  });
}

Shape Network::shape(std::size_t output) const noexcept {
  const Shape shape = outputs_[output].shape;
  const bool has_batch = shape.size() > 3 || (shape.size() == 3 && shape[0] <= 1);
  return has_batch ? shape.subspan(1) : shape;
}

int Network::count_last(std::int64_t extent) const noexcept {
  return static_cast<int>(std::count_if(outputs_.begin(), outputs_.end(), [&](const auto& output) {
    return !output.shape.empty() && output.shape.back() == extent;
  }));
}

bool Network::has_map(std::int64_t channels) const noexcept {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    const Shape map = shape(i);
    if (map.size() == 3 && (map[0] == channels || map[2] == channels)) return true;
  }
  return false;
}

std::int64_t Network::cells(int largest_stride) const noexcept {
  if (!image_ || image_->width == 0 || image_->height == 0) return 0;
  std::int64_t sum = 0;
  for (int stride = 8; stride <= largest_stride; stride *= 2) {
    sum += static_cast<std::int64_t>((image_->width + stride - 1) / stride) *
           ((image_->height + stride - 1) / stride);
  }
  return sum;
}

std::size_t Network::class_count(std::int64_t from_shape) const noexcept {
  if (!names_.empty()) return names_.size();
  return clues_->label_count > 0 ? clues_->label_count
                                 : static_cast<std::size_t>(std::max<std::int64_t>(from_shape, 0));
}

bool is_picture(const inference::TensorInfo& info) noexcept {
  return find_image(info).has_value();
}

KnownNetwork make_known(KnownNetwork known, Certainty certainty, std::string sign) {
  known.certainty = certainty;
  known.sign = std::move(sign);
  return known;
}

KnownNetwork make_known(const Network& network, std::string task, std::string decoder,
                        std::string labels, Preparation preparation) {
  KnownNetwork known;
  known.task = std::move(task);
  known.decoder = std::move(decoder);
  known.labels = std::move(labels);
  known.names = network.names();
  if (!network.image()) return known;
  known.input = *network.image();
  // Networks halve their maps up to six times, and were trained with pictures that had been made
  // this large, smaller ones too, where their file says nothing else.
  const auto said = network.numbers("imgsz");
  const int side = said.empty() ? 640 : *std::max_element(said.begin(), said.end());
  const auto stride = network.numbers("stride");
  known.input.multiple = stride.empty() ? 64 : *std::max_element(stride.begin(), stride.end());
  known.input.min_side = side;
  known.input.max_side = side;
  auto [color, resize, pad, mean, deviation] = recipe_of(preparation);
  known.input.color = known.input.channels == 1 ? ColorOrder::kGray : color;
  known.input.resize = resize;
  known.input.pad = pad;
  if (known.input.channels == 3 || mean.size() <= 1) known.input.mean = std::move(mean);
  if (known.input.channels == 3 || deviation.size() <= 1) known.input.std = std::move(deviation);
  return known;
}

std::string coco_labels(const Network& network, std::int64_t classes) {
  const auto& names = network.names();
  if (!names.empty() && (names.front() != "person" || names.back() != "toothbrush")) return {};
  if (classes == 80) return "coco80";
  if (classes == 90) return "coco90";
  if (classes == 91) return "coco91";
  return {};
}

}  // namespace hailstone::vision
