// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "inference/image_input.hpp"

namespace hailstone::inference {
namespace {

using Json = nlohmann::json;

constexpr int kMaxSide = 16'384;
constexpr int kMaxChannels = 4;

[[noreturn]] void refuse(std::string_view field, const std::string& what) {
  throw Error(ErrorCode::kBadRequest, "the model's input: " + std::string(field) + " " + what);
}

int read_number(const Json& object, const char* field, int fallback, int max, int min = 0) {
  const auto found = object.find(field);
  if (found == object.end()) return fallback;
  if (!found->is_number_integer()) refuse(field, "must be a whole number");
  if (*found < min || *found > max) {
    refuse(field, "must be " + std::to_string(min) + " to " + std::to_string(max));
  }
  return found->get<int>();
}

template <typename Value>
using Words = std::span<const std::pair<std::string_view, Value>>;

template <typename Value>
Value read_word(const Json& object, const char* field, Words<Value> words) {
  const auto found = object.find(field);
  if (found == object.end() || *found == "") return words.front().second;
  std::string known;
  for (const auto& [word, value] : words) {
    if (*found == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  refuse(field, "must be one of: " + known);
}

template <typename Value>
std::string word_of(Words<Value> words, Value value) {
  for (const auto& [word, meaning] : words) {
    if (meaning == value) return std::string(word);
  }
  return {};
}

std::vector<double> read_numbers(const Json& object, const char* field, int channels) {
  const auto found = object.find(field);
  if (found == object.end()) return {};
  if (found->is_number()) return {found->get<double>()};
  if (!found->is_array()) refuse(field, "must be a number or a list of numbers");
  std::vector<double> numbers;
  for (const auto& item : *found) {
    if (!item.is_number()) refuse(field, "must be a list of numbers");
    numbers.push_back(item.get<double>());
  }
  if (numbers.size() > 1 && numbers.size() != static_cast<std::size_t>(channels)) {
    refuse(field, "must have one number per channel");
  }
  return numbers;
}

// The first of each is the default.
constexpr std::pair<std::string_view, TensorLayout> kLayouts[] = {{"nhwc", TensorLayout::kNhwc},
                                                                  {"nchw", TensorLayout::kNchw}};
constexpr std::pair<std::string_view, ColorOrder> kColors[] = {
    {"rgb", ColorOrder::kRgb}, {"bgr", ColorOrder::kBgr}, {"gray", ColorOrder::kGray}};
constexpr std::pair<std::string_view, Resize> kResizes[] = {
    {"stretch", Resize::kStretch},
    {"letterbox", Resize::kLetterbox},
    {"letterbox-top-left", Resize::kLetterboxTopLeft},
    {"crop", Resize::kCrop}};

}  // namespace

ImageInput parse_image_input(std::string_view json) {
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object()) refuse("it", "must be a JSON object");
  ImageInput input;
  input.width = read_number(object, "width", 0, kMaxSide);
  input.height = read_number(object, "height", 0, kMaxSide);
  input.multiple = read_number(object, "multiple", input.multiple, kMaxSide, 1);
  input.max_side = read_number(object, "max_side", input.max_side, kMaxSide, 1);
  input.min_side = read_number(object, "min_side", input.min_side, input.max_side, 1);
  input.channels = read_number(object, "channels", 3, kMaxChannels);
  input.pad = static_cast<std::uint8_t>(read_number(object, "pad", 0, 255));
  input.layout = read_word<TensorLayout>(object, "layout", kLayouts);
  input.color = read_word<ColorOrder>(object, "color", kColors);
  input.resize = read_word<Resize>(object, "resize", kResizes);
  input.mean = read_numbers(object, "mean", input.channels);
  input.std = read_numbers(object, "std", input.channels);
  for (const double value : input.std) {
    if (value == 0) refuse("std", "must not be 0");
  }
  return input;
}

std::optional<ImageInput> find_image_input(const std::map<std::string, std::string>& settings,
                                           const std::string& key) {
  const auto found = settings.find(key);
  if (found == settings.end()) return std::nullopt;
  return parse_image_input(found->second);
}

std::string write_image_input(const ImageInput& input) {
  Json out{{"width", input.width},
           {"height", input.height},
           {"channels", input.channels},
           {"layout", word_of<TensorLayout>(kLayouts, input.layout)},
           {"color", word_of<ColorOrder>(kColors, input.color)},
           {"resize", word_of<Resize>(kResizes, input.resize)},
           {"pad", input.pad},
           {"multiple", input.multiple},
           {"min_side", input.min_side},
           {"max_side", input.max_side}};
  if (!input.mean.empty()) out["mean"] = input.mean;
  if (!input.std.empty()) out["std"] = input.std;
  return out.dump();
}

}  // namespace hailstone::inference
