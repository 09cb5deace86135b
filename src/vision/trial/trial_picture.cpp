// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "vision/trial/trial.hpp"

namespace hailstone::vision {
namespace {

/// Numerical Recipes' generator: the standard library's distributions differ between libraries.
class Random {
 public:
  explicit Random(unsigned seed) : state_(seed * 2654435761U + 1) {}
  double unit() noexcept {
    state_ = state_ * 1664525U + 1013904223U;
    return (state_ >> 8) / double{1 << 24};
  }

 private:
  std::uint32_t state_;
};

struct Blob {
  double x, y, radius;
  double color[3];
};

Blob make_blob(Random& random, int width, int height) {
  Blob blob{};
  blob.x = random.unit() * width;
  blob.y = random.unit() * height;
  blob.radius = (0.05 + 0.2 * random.unit()) * std::min(width, height);
  for (auto& value : blob.color) value = 255 * random.unit();
  return blob;
}

}  // namespace

media::Image make_trial_picture(int width, int height, unsigned number) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::kBadRequest, "a picture has no " + std::to_string(width) + " x " +
                                            std::to_string(height) + " pixels");
  }
  Random random(number + 1);
  std::vector<Blob> blobs;
  for (int i = 0; i < 6; ++i) blobs.push_back(make_blob(random, width, height));
  const double slope = random.unit();
  media::Image image{width, height, {}};
  image.pixels.reserve(static_cast<std::size_t>(width) * height * 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double light = 60 + 120 * (slope * x / width + (1 - slope) * y / height);
      double color[3] = {light, light * 0.9, light * 0.7};
      for (const auto& blob : blobs) {
        const bool is_inside = std::hypot(x - blob.x, y - blob.y) < blob.radius;
        for (int c = 0; is_inside && c < 3; ++c) color[c] = blob.color[c];
      }
      const double noise = 16 * (random.unit() - 0.5);
      for (const double value : color) {
        image.pixels.push_back(
            static_cast<std::uint8_t>(std::fmin(255, std::fmax(0, value + noise))));
      }
    }
  }
  return image;
}

}  // namespace hailstone::vision
