// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any bytes have an orientation from 1 to 8, and nothing is read beyond their end.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "media/codec/orientation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string exact(reinterpret_cast<const char*>(data), size);
  const int orientation = hailstone::media::find_exif_orientation(exact);
  if (orientation < 1 || orientation > 8) std::abort();
  return 0;
}
