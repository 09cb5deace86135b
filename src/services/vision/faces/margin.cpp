// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/faces/margin.hpp"

#include <algorithm>

#include "media/geometry/fit.hpp"

namespace hailstone::faces {
namespace {

constexpr int kUsualSide = 640;

int side_of(int input) noexcept {
  return input > 1 ? input : kUsualSide;
}

void paste(const media::Image& image, media::Image& canvas, int left, int top) {
  for (int y = 0; y < image.height; ++y) {
    const auto from = image.pixels.begin() + std::ptrdiff_t{3} * y * image.width;
    const auto to = canvas.pixels.begin() + std::ptrdiff_t{3} * ((top + y) * canvas.width + left);
    std::copy_n(from, std::ptrdiff_t{3} * image.width, to);
  }
}

bool is_large(const vision::Detection& face, const media::ImageHeader& picture) noexcept {
  return face.box.width * 2 > picture.width || face.box.height * 2 > picture.height;
}

bool has_middle_in(const vision::Detection& face, const media::Box& box) noexcept {
  const double x = face.box.x + face.box.width / 2;
  const double y = face.box.y + face.box.height / 2;
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

}  // namespace

media::DecodedImage with_margin(const media::DecodedImage& picture, picture::Size input) {
  media::DecodedImage out;
  out.header = picture.header;
  out.image = media::make_image(side_of(input.width), side_of(input.height));
  media::FitOptions half;
  half.width = out.image.width / 2;
  half.height = out.image.height / 2;
  half.filter = media::Filter::kArea;
  half.pad = 0;
  const auto fitted = media::fit_image(picture.image, half);
  const int left = (out.image.width - half.width) / 2;
  const int top = (out.image.height - half.height) / 2;
  paste(fitted.image, out.image, left, top);
  const media::Placement shift{1, 1, static_cast<double>(left), static_cast<double>(top)};
  out.placement = picture.placement.then(fitted.placement).then(shift);
  return out;
}

bool needs_margin(const std::vector<vision::Detection>& found, const media::ImageHeader& picture) {
  return found.empty() || std::any_of(found.begin(), found.end(),
                                      [&](const auto& face) { return is_large(face, picture); });
}

std::vector<vision::Detection> merge_looks(std::vector<vision::Detection> without,
                                           std::vector<vision::Detection> with,
                                           const media::ImageHeader& picture) {
  if (with.empty()) return without;
  const auto count = static_cast<std::ptrdiff_t>(with.size());
  for (auto& face : without) {
    const bool is_known =
        is_large(face, picture) || std::any_of(with.begin(), with.begin() + count, [&](auto& seen) {
          return has_middle_in(face, seen.box) || has_middle_in(seen, face.box);
        });
    if (!is_known) with.push_back(std::move(face));
  }
  std::stable_sort(with.begin(), with.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return with;
}

}  // namespace hailstone::faces
