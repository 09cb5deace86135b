// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/vlm/wire_request.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "media/image.hpp"
#include "services/text/chat/pictures.hpp"
#include "services/vision/picture/region.hpp"
#include "services/vision/picture/upload/options.hpp"
#include "services/vision/picture/upload/text_fields.hpp"

namespace hailstone::vlm {
namespace {

using picture::PictureRequest;

constexpr std::size_t kMostPictures = 16;
constexpr int kMostInt = std::numeric_limits<int>::max();

/// An object's members are fields of their own: of these none has any.
void refuse_objects(const PictureRequest& request) {
  constexpr std::array<std::string_view, 10> kNames = {
      "prompt",     "model",       "system", "stream", "think",
      "max_tokens", "temperature", "seed",   "detail", "region"};
  for (const auto& [field, value] : request.fields) {
    const auto name = std::string_view(field).substr(0, field.find('.'));
    if (name.size() == field.size() ||
        std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
      continue;
    }
    throw Error(ErrorCode::kBadRequest, std::string(name) + " must not be an object");
  }
}

/// Only the region, at full size.
std::string cut(const std::string& bytes, const media::Box& wanted) {
  const auto decoded = media::decode_image(bytes);
  media::Image scratch;
  const auto region = picture::find_region(decoded, wanted);
  return media::encode_png(picture::cut_region(decoded, region, scratch));
}

int side_of(const PictureRequest& request) {
  const auto detail = request.find_field("detail");
  if (!detail) return chat::kMostPictureSide;
  constexpr std::array<std::string_view, 3> kWords = {"low", "high", "auto"};
  const auto word = picture::parse_word("detail", *detail, kWords);
  return word == 0 ? chat::kLowDetailSide : chat::kMostPictureSide;
}

void take_images(PictureRequest& request, chat::GenerateTask& task) {
  if (request.pictures.empty()) {
    throw Error(ErrorCode::kBadRequest, "image is required",
                "send a JPEG, PNG or WebP file as the form's part 'image', or base64 in JSON");
  }
  if (request.pictures.size() > kMostPictures) {
    throw Error(ErrorCode::kBadRequest, "at most 16 pictures go with one prompt");
  }
  const int side = side_of(request);
  const auto region = request.find_field("region");
  for (auto& upload : request.pictures) {
    std::string bytes = std::move(upload.bytes);
    if (region) bytes = cut(bytes, picture::parse_region(*region));
    task.images.push_back(chat::prepare_picture(std::move(bytes), side));
  }
}

}  // namespace

chat::GenerateTask make_task(PictureRequest request) {
  refuse_objects(request);
  chat::GenerateTask task;
  const auto prompt = request.find_field("prompt");
  if (!prompt) throw Error(ErrorCode::kBadRequest, "prompt is required", "ask something");
  task.prompt = *prompt;
  if (const auto model = request.find_field("model")) task.model = *model;
  if (const auto system = request.find_field("system")) task.system = std::string(*system);
  const auto stream = request.find_field("stream");
  task.stream = stream && picture::parse_truth("stream", *stream);
  if (const auto think = request.find_field("think")) {
    task.thinking = picture::parse_truth("think", *think) ? inference::Thinking::kOn
                                                          : inference::Thinking::kOff;
  }
  if (const auto most = request.find_field("max_tokens")) {
    task.options.num_predict = picture::parse_integer("max_tokens", *most, 1, kMostInt);
  }
  if (const auto temperature = request.find_field("temperature")) {
    task.options.sampling.temperature = picture::parse_number("temperature", *temperature, 0, 100);
  }
  if (const auto seed = request.find_field("seed")) {
    task.options.sampling.seed = picture::parse_integer("seed", *seed, -1, kMostInt);
  }
  take_images(request, task);
  return task;
}

}  // namespace hailstone::vlm
