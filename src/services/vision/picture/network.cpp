// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace hailstone::picture {
namespace {

using inference::ImageInput;
using inference::Resize;
using inference::TensorLayout;

media::Fit fit_of(Resize resize) noexcept {
  switch (resize) {
    case Resize::kLetterbox:
      return media::Fit::kLetterbox;
    case Resize::kLetterboxTopLeft:
      return media::Fit::kLetterboxTopLeft;
    case Resize::kCrop:
      return media::Fit::kCrop;
    case Resize::kStretch:
      break;
  }
  return media::Fit::kStretch;
}

bool is_letterbox(Resize resize) noexcept {
  return resize == Resize::kLetterbox || resize == Resize::kLetterboxTopLeft;
}

/// Grey, with colours, with transparency.
bool are_channels(std::int64_t size) noexcept {
  return size == 1 || size == 3 || size == 4;
}

int side_of(std::int64_t size) noexcept {
  return size < 0 ? 0 : static_cast<int>(size);
}

}  // namespace

inference::Tensor to_tensor(media::Image image, const std::string& name) {
  return {{name, inference::ElementType::kUint8, {1, image.height, image.width, 3}},
          std::move(image.pixels)};
}

Size size_for(const ImageInput& input, Size picture) noexcept {
  const int larger = std::max({picture.width, picture.height, 1});
  const double scale =
      static_cast<double>(std::clamp(larger, input.min_side, input.max_side)) / larger;
  // What is padded anyway may as well be padded more, and the picture keeps its size; what is
  // stretched keeps its shape best by the nearest.
  const int added = is_letterbox(input.resize) ? input.multiple - 1 : input.multiple / 2;
  const auto side = [&](int fixed, int own) {
    if (fixed > 0) return fixed;
    const auto pixels = static_cast<int>(std::lround(own * scale));
    return std::max(1, (pixels + added) / input.multiple) * input.multiple;
  };
  return {side(input.width, picture.width), side(input.height, picture.height)};
}

ImageInput complete_input(const std::optional<ImageInput>& manifest,
                          const inference::TensorInfo& info) {
  ImageInput input = manifest.value_or(ImageInput());
  if (input.width > 0 && input.height > 0) return input;
  auto shape = info.shape;
  if (shape.size() == 4) shape.erase(shape.begin());
  const bool is_picture = shape.size() == 3 && (are_channels(shape[0]) || are_channels(shape[2]));
  if (!is_picture) {
    throw Error(ErrorCode::kUnsupported, "the network's input '" + info.name + "' is no picture",
                "its manifest can say how it takes one: settings.input");
  }
  const bool is_nhwc = are_channels(shape[2]);
  input.layout = is_nhwc ? TensorLayout::kNhwc : TensorLayout::kNchw;
  input.channels = side_of(is_nhwc ? shape[2] : shape[0]);
  if (input.height == 0) input.height = side_of(is_nhwc ? shape[0] : shape[1]);
  if (input.width == 0) input.width = side_of(is_nhwc ? shape[1] : shape[2]);
  if (!manifest) {
    input.resize = Resize::kLetterbox;
    input.pad = 114;
  }
  return input;
}

media::DecodeOptions decode_options_for(const ImageInput& input, Size size) noexcept {
  media::DecodeOptions options;
  options.min_width = size.width > 0 ? size.width : input.max_side;
  options.min_height = size.height > 0 ? size.height : input.max_side;
  if (is_letterbox(input.resize) || size.width == 0 || size.height == 0) {
    options.sides = media::Sides::kOneOf;
  }
  return options;
}

Network::Network(ModelChoice& choice, VisionModel model, const RunContext& run, const Clock& clock)
    : model_(std::move(model)), clock_(clock), lease_(acquire(choice, run)) {
  inputs_ = session().inputs();
  if (inputs_.empty()) {
    throw Error(ErrorCode::kUnsupported, "model '" + model_.chosen.name + "' takes no input");
  }
  input_ = complete_input(model_.input, inputs_.front());
  size_ = {input_.width, input_.height};
}

core::Lease Network::acquire(ModelChoice& choice, const RunContext& run) {
  const Stage stage(timings_.queue, clock_);
  return choice.acquire(model_, run);
}

inference::TensorSession& Network::session() const {
  if (auto* session = lease_.model().tensor()) return *session;
  throw Error(ErrorCode::kUnsupported,
              "model '" + model_.chosen.name + "' is no network for pictures");
}

inference::TensorSession& Network::session(std::string_view kind) const {
  if (auto* session = lease_.model().network(kind)) return *session;
  throw Error(ErrorCode::kUnsupported,
              "model '" + model_.chosen.name + "' has no " + std::string(kind),
              "import it with --file " + std::string(kind) + "=PATH");
}

std::vector<inference::Tensor> Network::run(inference::TensorSession& session,
                                            const std::vector<inference::Tensor>& inputs,
                                            const RunContext& run) {
  const Stage stage(timings_.infer, clock_);
  return session.run(inputs, run);
}

const media::DecodedImage& Network::decode(Photo& photo, Pixels pixels) {
  const Stage stage(timings_.decode, clock_);
  return photo.decode(pixels == Pixels::kAll ? media::DecodeOptions()
                                             : decode_options_for(input_, size_));
}

media::FittedImage Network::fit(const media::Image& image) const {
  media::FitOptions options;
  const Size size = size_for(input_, {image.width, image.height});
  options.width = size.width;
  options.height = size.height;
  options.fit = fit_of(input_.resize);
  options.pad = input_.pad;
  return media::fit_image(image, options);
}

Look Network::look(const media::Image& image, const RunContext& run) {
  return look(std::vector<const media::Image*>{&image}, run);
}

Look Network::look(const std::vector<const media::Image*>& images, const RunContext& run) {
  if (images.size() != inputs_.size()) {
    throw Error(ErrorCode::kUnsupported, "model '" + model_.chosen.name + "' takes " +
                                             std::to_string(inputs_.size()) + " pictures, not " +
                                             std::to_string(images.size()));
  }
  Look look;
  std::vector<inference::Tensor> tensors;
  {
    const Stage stage(timings_.pre, clock_);
    for (std::size_t i = 0; i < images.size(); ++i) {
      media::FittedImage fitted = fit(*images[i]);
      look.placement = fitted.placement;
      look.input = {fitted.image.width, fitted.image.height};
      tensors.push_back(to_tensor(std::move(fitted.image), inputs_[i].name));
    }
  }
  look.outputs = this->run(session(), tensors, run);
  return look;
}

}  // namespace hailstone::picture
