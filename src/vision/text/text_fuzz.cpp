// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any tensor is text and regions of finite numbers, or an Error.

#include <cmath>

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/text/text_line.hpp"
#include "vision/text/text_regions.hpp"

using namespace hailstone;
using namespace hailstone::vision;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const auto tensor = fuzz::make_tensor(bytes);
  fuzz::attempt([&] {
    TextRegionOptions options;
    options.input_width = 320;
    for (const auto& region : find_text_regions(tensor, options)) {
      fuzz::require(region.score >= 0 && region.score <= 1);
      for (const auto& corner : region.corners) fuzz::require(std::isfinite(corner.x + corner.y));
    }
  });
  fuzz::attempt([&] {
    const std::vector<std::string> alphabet(count_classes(tensor), "x");
    for (const auto& line : {read_text_line(tensor, alphabet), read_plate(tensor, alphabet)}) {
      fuzz::require(line.confidence >= 0 && line.confidence <= 1);
      fuzz::require(line.positions.size() == line.text.size());
    }
  });
  return 0;
}
