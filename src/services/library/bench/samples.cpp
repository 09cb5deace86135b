// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/samples.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/error.hpp"

namespace hailstone::bench {
namespace {

using inference::Tensor;
using inference::TensorInfo;

constexpr std::array<std::string_view, 24> kWords = {
    "the",   "old",   "lighthouse", "stands", "on",    "a",    "rock",  "above",
    "the",   "sea",   "and",        "every",  "night", "its",  "light", "turns",
    "while", "ships", "pass",       "by",     "far",   "from", "the",   "shore"};

constexpr int kSampleRate = 16'000;
constexpr std::int64_t kOpenSize = 640;
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
constexpr std::byte kGrey{114};

/// The value at that share of the sorted list, by the nearest rank.
template <typename Value>
Value rank(std::vector<Value> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = std::ceil(share * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, at)) - 1];
}

/// The middle one, or the mean of the two in the middle.
template <typename Value>
Value median(std::vector<Value> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return (values[half - 1] + values[half]) / 2;
}

TensorInfo closed(TensorInfo info) {
  for (std::size_t i = 0; i < info.shape.size(); ++i) {
    const bool is_batch = i == 0 && (info.shape.size() >= 4 || info.shape.size() < 3);
    if (info.shape[i] < 0) info.shape[i] = is_batch ? 1 : kOpenSize;
  }
  return info;
}

std::size_t bytes_of(const TensorInfo& info) {
  std::uint64_t bytes = inference::size_of(info.type);
  for (const std::int64_t size : info.shape) {
    const auto factor = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
    if (factor > kMostBytes || bytes * factor > kMostBytes) {
      throw Error(ErrorCode::kUnsupported,
                  "input " + info.name + " is too large to be made up: more than 1 GiB");
    }
    bytes *= factor;
  }
  return static_cast<std::size_t>(bytes);
}

TensorInfo picture_info(const std::string& name, const inference::ImageInput& picture) {
  const auto or_open = [](int side) { return side > 0 ? std::int64_t{side} : kOpenSize; };
  return {
      name, inference::ElementType::kUint8, {or_open(picture.height), or_open(picture.width), 3}};
}

/// Of a shape with height and width; an input that is a canonical picture already says its own
/// size.
bool takes_picture(const TensorInfo& info) noexcept {
  const bool is_canonical = info.type == inference::ElementType::kUint8 && info.shape.size() == 3;
  return info.shape.size() >= 3 && !is_canonical;
}

}  // namespace

core::Speed summarize(core::SpeedKind kind, std::vector<Sample> samples) {
  std::vector<std::chrono::nanoseconds> times;
  std::vector<double> rates;
  std::vector<double> prompt_rates;
  for (const Sample& sample : samples) {
    times.push_back(sample.time);
    rates.push_back(sample.per_second);
    if (sample.prompt_per_second) prompt_rates.push_back(*sample.prompt_per_second);
  }
  core::Speed speed;
  speed.kind = kind;
  speed.per_second = median(rates);
  if (!prompt_rates.empty()) speed.prompt_per_second = median(prompt_rates);
  speed.median = median(times);
  speed.p90 = rank(times, 0.9);
  speed.runs = static_cast<int>(samples.size());
  return speed;
}

std::string make_prompt(int run, int words) {
  std::string text = std::to_string(run) + ".";
  for (int i = 0; i < words; ++i) {
    text += ' ';
    text += kWords[static_cast<std::size_t>(i) % kWords.size()];
  }
  return text;
}

media::Pcm make_sound(std::chrono::seconds length) {
  media::Pcm sound{kSampleRate, {}};
  sound.samples.resize(static_cast<std::size_t>(length.count()) * kSampleRate);
  double phase = 0;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const double time = static_cast<double>(i) / kSampleRate;
    const double pitch = 150 + 50 * std::sin(2 * std::numbers::pi * time);
    phase += 2 * std::numbers::pi * pitch / kSampleRate;
    const double loudness = 0.3 * (1 + std::sin(2 * std::numbers::pi * 4 * time));
    sound.samples[i] = static_cast<float>(loudness * std::sin(phase));
  }
  return sound;
}

media::Image make_page(int width, int height) {
  constexpr int kLine = 32;  // of which the upper half is print
  constexpr int kMark = 6;
  media::Image page{width, height, {}};
  page.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 255);
  std::size_t at = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x, at += 3) {
      const int letter = x / (2 * kMark);
      const bool is_mark = y % kLine < kLine / 2 && x % (2 * kMark) < kMark && letter % 7 != 6;
      if (is_mark) std::fill_n(page.pixels.begin() + static_cast<std::ptrdiff_t>(at), 3, 0);
    }
  }
  return page;
}

std::vector<Tensor> make_tensors(const std::vector<TensorInfo>& inputs,
                                 const std::optional<inference::ImageInput>& picture) {
  std::vector<Tensor> tensors;
  for (const TensorInfo& input : inputs) {
    Tensor tensor;
    tensor.info =
        picture && takes_picture(input) ? picture_info(input.name, *picture) : closed(input);
    const bool is_bytes = tensor.info.type == inference::ElementType::kUint8;
    tensor.data = std::vector<std::byte>(bytes_of(tensor.info), is_bytes ? kGrey : std::byte{0});
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace hailstone::bench
