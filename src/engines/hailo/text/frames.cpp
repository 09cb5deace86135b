// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/frames.hpp"

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/geometry/fit.hpp"

namespace hailstone::engines::hailo {
namespace {

/// Pixels on a side that become one token, in the models that are published.
constexpr std::size_t kPatch = 28;

Frame make_frame(const std::string& encoded, const FrameShape& shape) {
  media::DecodeOptions wanted;
  wanted.min_width = static_cast<int>(shape.width);
  wanted.min_height = static_cast<int>(shape.height);
  const auto decoded = media::decode_image(encoded, wanted);
  media::FitOptions fit;
  fit.width = wanted.min_width;
  fit.height = wanted.min_height;
  fit.fit = media::Fit::kCrop;
  fit.filter = media::Filter::kArea;
  Frame frame;
  frame.pixels = media::fit_image(decoded.image, fit).image.pixels;
  frame.tokens = (shape.width / kPatch) * (shape.height / kPatch);
  return frame;
}

}  // namespace

std::vector<Frame> make_frames(const std::vector<inference::Message>& messages,
                               const std::optional<FrameShape>& shape) {
  std::vector<Frame> frames;
  for (const auto& message : messages) {
    for (const auto& part : message.parts) {
      if (part.kind != inference::Part::Kind::kImage) continue;
      if (!shape) {
        throw Error(ErrorCode::kUnsupported, "this model takes text alone",
                    "a vision-language model sees pictures");
      }
      frames.push_back(make_frame(part.data, *shape));
    }
  }
  return frames;
}

}  // namespace hailstone::engines::hailo
