// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "vision/masks/mask_formats.hpp"

// Run lengths. Compressed as in cocoapi's maskApi.c: from the fourth run on the difference to the
// run before the last, 5 bits to a character, low ones first, bit 6 says that more follow.

namespace hailstone::vision {
namespace {

constexpr int kFirstCharacter = 48;

/// Turns ascending places of ones into runs.
class RunWriter {
 public:
  void add_one(std::uint64_t place) {
    if (place != end_ || runs_.empty()) {
      runs_.push_back(static_cast<std::uint32_t>(place - end_));  // zeros
      runs_.push_back(0);
    }
    ++runs_.back();
    end_ = place + 1;
  }

  std::vector<std::uint32_t> finish(std::uint64_t size) {
    if (size > end_ || runs_.empty()) runs_.push_back(static_cast<std::uint32_t>(size - end_));
    return std::move(runs_);
  }

 private:
  std::vector<std::uint32_t> runs_;
  std::uint64_t end_ = 0;
};

[[noreturn]] void refuse(const char* what) {
  throw Error(ErrorCode::kBadRequest, std::string("the run lengths of a mask ") + what);
}

/// One number; moves at behind it.
std::int64_t parse_number(std::string_view text, std::size_t& at) {
  std::int64_t value = 0;
  for (int shift = 0;; shift += 5) {
    if (at >= text.size()) refuse("end within a number");
    const int bits = text[at++] - kFirstCharacter;
    if (bits < 0 || bits > 63 || shift > 35) refuse("have a character that none can have");
    value |= static_cast<std::int64_t>(bits & 31) << shift;
    if ((bits & 32) != 0) continue;
    if ((bits & 16) != 0) value -= std::int64_t{1} << (shift + 5);
    return value;
  }
}

}  // namespace

std::vector<std::uint32_t> count_runs(const Mask& mask) {
  return count_runs(mask, 0, 0, mask.width, mask.height);
}

std::vector<std::uint32_t> count_runs(const Mask& mask, int x, int y, int width, int height) {
  RunWriter runs;
  const int left = std::max(0, -x);
  const int right = std::min(mask.width, width - x);
  const int top = std::max(0, -y);
  const int bottom = std::min(mask.height, height - y);
  for (int column = left; column < right; ++column) {
    const std::uint8_t* pixel = mask.pixels.data() + column;
    for (int row = top; row < bottom; ++row) {
      if (pixel[static_cast<std::size_t>(row) * mask.width] == 0) continue;
      runs.add_one(static_cast<std::uint64_t>(x + column) * height + (y + row));
    }
  }
  return runs.finish(static_cast<std::uint64_t>(width) * height);
}

std::string compress_runs(std::span<const std::uint32_t> runs) {
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::int64_t rest = runs[i];
    if (i > 2) rest -= runs[i - 2];
    for (bool more = true; more;) {
      int bits = static_cast<int>(rest & 31);
      rest >>= 5;
      more = (bits & 16) != 0 ? rest != -1 : rest != 0;
      if (more) bits |= 32;
      text += static_cast<char>(bits + kFirstCharacter);
    }
  }
  return text;
}

std::vector<std::uint32_t> parse_runs(std::string_view text, std::size_t max_runs) {
  std::vector<std::uint32_t> runs;
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t run = parse_number(text, at);
    if (runs.size() > 2) run += runs[runs.size() - 2];
    if (run < 0 || run > UINT32_MAX) refuse("have one that is out of range");
    if (runs.size() >= max_runs) refuse("are too many");
    runs.push_back(static_cast<std::uint32_t>(run));
  }
  return runs;
}

Mask paint_runs(std::span<const std::uint32_t> runs, int width, int height) {
  std::uint64_t sum = 0;
  for (const auto run : runs) sum += run;
  if (width < 0 || height < 0 || sum != static_cast<std::uint64_t>(width) * height) {
    refuse("are not those of a mask of this size");
  }
  Mask mask{width, height, {}};
  mask.pixels.resize(sum);
  std::uint64_t place = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::uint32_t n = 0; n < runs[i]; ++n, ++place) {
      mask.pixels[place % height * width + place / height] = static_cast<std::uint8_t>(i % 2);
    }
  }
  return mask;
}

std::int64_t area(const Mask& mask) noexcept {
  return std::count_if(mask.pixels.begin(), mask.pixels.end(),
                       [](std::uint8_t pixel) { return pixel != 0; });
}

}  // namespace hailstone::vision
