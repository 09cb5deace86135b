// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/ocr/pair.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "media/geometry/warp.hpp"
#include "services/vision/ocr/lines.hpp"
#include "vision/text/text_regions.hpp"

namespace hailstone::ocr {
namespace {

using inference::ReadLine;

constexpr int kLineHeight = 48;  ///< of a recogniser that takes any: PP-OCR since version 3
constexpr int kLeastRatio = 10;  ///< width over height that recognisers were trained with, padded
constexpr int kMostRatio = 100;  ///< a longer line is squeezed: its memory is bounded
constexpr int kWidthSteps = 8;   ///< recognisers halve the width up to three times
constexpr std::uint8_t kPad = 127;  ///< zero, once it is normalised
constexpr double kLeastConfidence = 0.5;

/// A line as the recogniser takes it: at the left of its input.
struct Strip {
  media::Image image;
  double used = 1;  ///< of its width
};

class Recogniser {
 public:
  explicit Recogniser(picture::Network& network)
      : network_(network), session_(network.session("recogniser")) {
    const auto inputs = session_.inputs();
    if (inputs.empty()) throw Error(ErrorCode::kUnsupported, "the recogniser takes no input");
    name_ = inputs.front().name;
    const auto manifest =
        inference::find_image_input(network.model().chosen.stored.settings, "input.recogniser");
    const auto input = picture::complete_input(manifest, inputs.front());
    height_ = input.height > 0 ? input.height : kLineHeight;
    width_ = input.width;
  }

  vision::TextLine read(media::Image strip, const RunContext& run) {
    const auto outputs = network_.run(session_, {picture::to_tensor(std::move(strip), name_)}, run);
    if (outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the recogniser gave no output");
    const picture::Stage stage(network_.timings().post, network_.clock());
    if (alphabet_.empty()) {
      alphabet_ =
          vision::make_alphabet(network_.model().labels, vision::count_classes(outputs.front()));
    }
    return vision::read_text_line(outputs.front(), alphabet_);
  }

  Strip cut(const media::Image& image, const Corners& corners) const {
    const picture::Size size = line_size(corners);
    const auto wanted = static_cast<int>(std::ceil(1.0 * height_ * size.width / size.height));
    const int width = std::clamp(wanted, 1, width_ > 0 ? width_ : kMostRatio * height_);
    // Straightened and scaled in one step: what is interpolated twice is blurred, and blanks and
    // commas are lost.
    return pad(media::unwarp(image, corners, width, height_));
  }

 private:
  Strip pad(const media::Image& line) const {
    const int least = std::max(line.width, kLeastRatio * height_);
    const int width = width_ > 0 ? width_ : (least + kWidthSteps - 1) / kWidthSteps * kWidthSteps;
    Strip strip;
    strip.image = {width, height_, {}};
    strip.image.pixels.assign(static_cast<std::size_t>(width) * height_ * 3, kPad);
    strip.used = static_cast<double>(line.width) / width;
    const auto row = static_cast<std::ptrdiff_t>(line.width) * 3;
    for (int y = 0; y < height_; ++y) {
      std::copy_n(line.pixels.begin() + y * row, row,
                  strip.image.pixels.begin() + static_cast<std::ptrdiff_t>(y) * width * 3);
    }
    return strip;
  }

  picture::Network& network_;
  inference::TensorSession& session_;
  std::string name_;
  int height_ = 0;
  int width_ = 0;  // zero: any
  std::vector<std::string> alphabet_;
};

/// In pixels of the picture.
std::vector<Corners> find_lines(picture::Network& network, const media::Image& image,
                                const RunContext& run) {
  const picture::Look look = network.look(image, run);
  if (look.outputs.empty()) {
    throw Error(ErrorCode::kEngineFailed, "the network that finds text gave no output");
  }
  const picture::Stage stage(network.timings().post, network.clock());
  vision::TextRegionOptions options;
  options.input_width = look.input.width;
  options.input_height = look.input.height;
  std::vector<Corners> lines;
  for (const auto& region : vision::find_text_regions(look.outputs.front(), options)) {
    Corners corners = region.corners;
    for (auto& corner : corners) {
      corner = {look.placement.to_picture_x(corner.x), look.placement.to_picture_y(corner.y)};
    }
    lines.push_back(turn_upright(corners));
  }
  return lines;
}

}  // namespace

std::vector<ReadLine> read_by_pair(picture::Network& network, const media::Image& image,
                                   const RunContext& run) {
  Recogniser recogniser(network);
  std::vector<ReadLine> lines;
  for (const Corners& corners : find_lines(network, image, run)) {
    Strip strip;
    {
      const picture::Stage stage(network.timings().pre, network.clock());
      strip = recogniser.cut(image, corners);
    }
    const auto line = recogniser.read(std::move(strip.image), run);
    if (line.confidence < kLeastConfidence) continue;
    lines.push_back(make_line(line, corners, strip.used));
  }
  return arrange(lines);
}

}  // namespace hailstone::ocr
