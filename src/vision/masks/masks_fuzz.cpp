// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any prototypes give masks of the right size or an Error; any text is runs or an Error; any mask
// goes into runs and back, and into polygons.

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/masks/instance_masks.hpp"
#include "vision/masks/mask_formats.hpp"

using namespace hailstone;
using namespace hailstone::vision;

namespace {

void fuzz_prototypes(fuzz::Bytes bytes) {
  DetectOptions options;
  options.input_width = bytes.byte();
  options.input_height = bytes.byte();
  const int channels = bytes.byte() % 40;
  std::vector<Detection> found(1);
  found[0].box = {bytes.byte() - 50.0, bytes.byte() - 50.0, 0.5 + bytes.byte(), 0.5 + bytes.byte()};
  found[0].mask_coefficients.assign(static_cast<std::size_t>(channels), 0.1F);
  const std::vector<inference::Tensor> outputs = {fuzz::make_tensor(bytes),
                                                  fuzz::make_tensor(bytes)};
  fuzz::attempt([&] {
    make_masks(found, find_prototypes(outputs, options, channels), {0.5, 0.5, 1, 1}, options);
    const auto area = pixels_of(found[0].box);
    fuzz::require(channels == 0 || found[0].mask.width == area.width);
  });
}

void fuzz_runs(std::string_view text) {
  fuzz::attempt([&] {
    const auto runs = parse_runs(text, 1000);
    fuzz::require(parse_runs(compress_runs(runs)) == runs);
  });
}

void fuzz_mask(fuzz::Bytes bytes) {
  Mask mask{1 + bytes.byte() % 40, 1 + bytes.byte() % 40, {}};
  mask.pixels.resize(static_cast<std::size_t>(mask.width) * mask.height);
  for (auto& pixel : mask.pixels) pixel = bytes.byte() % 2;
  const auto runs = count_runs(mask);
  fuzz::require(paint_runs(runs, mask.width, mask.height).pixels == mask.pixels);
  for (const auto& polygon : find_polygons(mask)) fuzz::require(polygon.size() >= 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz_prototypes({data, size});
  fuzz_runs({reinterpret_cast<const char*>(data), size});
  fuzz_mask({data, size});
  return 0;
}
