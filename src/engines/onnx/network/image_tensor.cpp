// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/image_tensor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engines/onnx/network/shapes.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::ColorOrder;
using inference::ElementType;
using inference::ImageInput;
using inference::Tensor;
using inference::TensorInfo;
using inference::TensorLayout;

constexpr std::int64_t kChannels = 3;

/// The picture's own sizes.
struct Frames {
  std::int64_t count = 1;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::size_t pixels() const noexcept { return static_cast<std::size_t>(height * width); }
};

Frames frames_of(const Tensor& picture) noexcept {
  const auto& shape = picture.info.shape;
  if (shape.size() == 3) return {1, shape[0], shape[1]};
  return {shape[0], shape[1], shape[2]};
}

/// Where the manifest is silent, three channels in front are planes.
TensorLayout layout_of(const TensorInfo& expected, const std::optional<ImageInput>& input) {
  const auto& shape = expected.shape;
  if (shape.size() == 4 && (shape[1] == 1 || shape[1] == 3) && shape[3] != 3) {
    return TensorLayout::kNchw;
  }
  if (shape.size() == 4 && (shape[3] == 1 || shape[3] == 3)) return TensorLayout::kNhwc;
  return input ? input->layout : TensorLayout::kNhwc;
}

std::int64_t channels_of(const TensorInfo& expected, TensorLayout layout, const ImageInput& input) {
  if (expected.shape.size() != 4) return input.channels;
  const auto channels = layout == TensorLayout::kNchw ? expected.shape[1] : expected.shape[3];
  return channels > 0 ? channels : input.channels;
}

/// half = 2^-14 steps below the normal numbers, rounded to nearest even.
std::uint16_t to_half(float value) noexcept {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = (bits >> 16U) & 0x8000U;
  const auto exponent = static_cast<int>((bits >> 23U) & 0xFFU) - 127 + 15;
  std::uint32_t mantissa = bits & 0x7FFFFFU;
  if (exponent >= 31) return static_cast<std::uint16_t>(sign | 0x7C00U);
  if (exponent <= 0) {
    if (exponent < -10) return static_cast<std::uint16_t>(sign);
    mantissa = (mantissa | 0x800000U) >> static_cast<unsigned>(1 - exponent);
    return static_cast<std::uint16_t>(sign | ((mantissa + 0x1000U) >> 13U));
  }
  const std::uint32_t half = (static_cast<std::uint32_t>(exponent) << 10U) | (mantissa >> 13U);
  const std::uint32_t rest = mantissa & 0x1FFFU;
  const bool up = rest > 0x1000U || (rest == 0x1000U && (half & 1U) != 0);
  return static_cast<std::uint16_t>(sign | (half + (up ? 1U : 0U)));
}

template <typename Value>
Value to_value(double value) noexcept {
  if constexpr (std::is_same_v<Value, float>) {
    return static_cast<float>(value);
  } else if constexpr (std::is_same_v<Value, std::uint16_t>) {
    return to_half(static_cast<float>(value));
  } else {
    const double low = std::numeric_limits<Value>::min();
    const double high = std::numeric_limits<Value>::max();
    return static_cast<Value>(std::clamp(std::nearbyint(value), low, high));
  }
}

double nth(const std::vector<double>& numbers, std::size_t channel, double fallback) noexcept {
  if (numbers.empty()) return fallback;
  return numbers.size() == 1 ? numbers.front() : numbers[std::min(channel, numbers.size() - 1)];
}

/// What becomes of each of the 256 values of a channel: one look-up a byte, whatever the formula.
template <typename Value>
std::array<Value, 256> make_table(const ImageInput& input, std::size_t channel) {
  std::array<Value, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value =
        (static_cast<double>(i) - nth(input.mean, channel, 0)) / nth(input.std, channel, 1);
    table[i] = to_value<Value>(value);
  }
  return table;
}

template <typename Value>
struct Writer {
  const std::uint8_t* from;
  Value* to;
  std::size_t pixels;
  bool is_planar;

  void write_channel(std::size_t channel, std::size_t source, std::size_t channels,
                     const std::array<Value, 256>& table) const noexcept {
    const std::size_t step = is_planar ? 1 : channels;
    Value* out = to + (is_planar ? channel * pixels : channel);
    const std::uint8_t* in = from + source;
    for (std::size_t i = 0; i < pixels; ++i) out[i * step] = table[in[i * kChannels]];
  }

  /// ITU-R BT.601, as OpenCV's cvtColor.
  void write_gray(const std::array<Value, 256>& table) const noexcept {
    for (std::size_t i = 0; i < pixels; ++i) {
      const std::uint8_t* pixel = from + i * kChannels;
      to[i] = table[(pixel[0] * 4899U + pixel[1] * 9617U + pixel[2] * 1868U + 8192U) >> 14U];
    }
  }
};

template <typename Value>
void convert(const Tensor& picture, const Frames& frames, const ImageInput& input,
             std::size_t channels, bool is_planar, std::vector<std::byte>& out) {
  out.resize(static_cast<std::size_t>(frames.count) * frames.pixels() * channels * sizeof(Value));
  std::vector<std::array<Value, 256>> tables;
  for (std::size_t c = 0; c < channels; ++c) tables.push_back(make_table<Value>(input, c));
  for (std::size_t n = 0; n < static_cast<std::size_t>(frames.count); ++n) {
    const Writer<Value> writer{
        reinterpret_cast<const std::uint8_t*>(picture.data.data()) +
            n * frames.pixels() * kChannels,
        reinterpret_cast<Value*>(out.data()) + n * frames.pixels() * channels, frames.pixels(),
        is_planar};
    if (channels == 1) {
      writer.write_gray(tables[0]);
      continue;
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t source = input.color == ColorOrder::kBgr ? channels - 1 - c : c;
      writer.write_channel(c, source, channels, tables[c]);
    }
  }
}

bool changes_nothing(const ImageInput& input) noexcept {
  return input.color == ColorOrder::kRgb && input.mean.empty() && input.std.empty();
}

}  // namespace

bool is_picture_for(const Tensor& tensor, const TensorInfo& expected,
                    const std::optional<ImageInput>& input) noexcept {
  const auto& shape = tensor.info.shape;
  const bool is_canonical = tensor.info.type == ElementType::kUint8 &&
                            (shape.size() == 3 || shape.size() == 4) && shape.back() == kChannels;
  if (!is_canonical || expected.shape.size() < 3) return false;
  const bool takes_bytes =
      expected.type == ElementType::kUint8 && layout_of(expected, input) == TensorLayout::kNhwc;
  return !takes_bytes || shape.size() != expected.shape.size() ||
         (input && !changes_nothing(*input));
}

TensorInfo to_input(const Tensor& picture, const TensorInfo& expected,
                    const std::optional<ImageInput>& input, std::vector<std::byte>& out) {
  const ImageInput how = input.value_or(ImageInput());
  const Frames frames = frames_of(picture);
  const TensorLayout layout = layout_of(expected, input);
  const bool is_planar = layout == TensorLayout::kNchw;
  const auto channels = channels_of(expected, layout, how);
  if (channels != 1 && channels != kChannels) {
    throw Error(ErrorCode::kBadRequest,
                "input " + expected.name + ": " + show_shape(expected.shape) + " is no picture");
  }
  TensorInfo info{expected.name, expected.type, {}};
  if (is_planar) {
    info.shape = {frames.count, channels, frames.height, frames.width};
  } else {
    info.shape = {frames.count, frames.height, frames.width, channels};
  }
  if (expected.shape.size() == 3) info.shape.erase(info.shape.begin());
  if (!fits(expected.shape, info.shape)) {
    throw Error(ErrorCode::kBadRequest,
                "input " + expected.name + ": " + show_shape(expected.shape) +
                    " expected, got a picture of " + std::to_string(frames.width) + "x" +
                    std::to_string(frames.height));
  }
  const auto count = static_cast<std::size_t>(channels);
  switch (expected.type) {
    case ElementType::kFloat32:
      convert<float>(picture, frames, how, count, is_planar, out);
      break;
    case ElementType::kFloat16:
      convert<std::uint16_t>(picture, frames, how, count, is_planar, out);
      break;
    case ElementType::kUint8:
      convert<std::uint8_t>(picture, frames, how, count, is_planar, out);
      break;
    case ElementType::kInt8:
      convert<std::int8_t>(picture, frames, how, count, is_planar, out);
      break;
    default:
      throw Error(ErrorCode::kBadRequest,
                  "input " + expected.name + " takes whole numbers, no picture");
  }
  return info;
}

}  // namespace hailstone::engines::onnx
