// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any tensor is a depth map, a class map, or an Error.

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/dense/class_map.hpp"
#include "vision/dense/depth.hpp"

using namespace hailstone;
using namespace hailstone::vision;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const int classes = bytes.byte();
  const auto tensor = fuzz::make_tensor(bytes);
  for (const char* decoder : {"scdepth", "inverse-depth", "depth", "disparity"}) {
    fuzz::attempt([&] {
      const auto depth = read_depth(decoder, tensor);
      const auto range = range_of(depth);
      fuzz::require(range.min <= range.max);
      to_metric(depth, 500, 0.1);
    });
  }
  fuzz::attempt([&] {
    const auto map = read_class_map(tensor, classes);
    for (const auto id : map.values) fuzz::require(classes == 0 || id < classes);
    to_detections(to_picture(map, {0.5, 0.5, 1, 1}, 64, 64, 30, 20));
  });
  return 0;
}
