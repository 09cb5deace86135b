// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any bytes after the mark of a file are a picture or an Error.

#include <cstddef>
#include <cstdint>
#include <string>

#include "media/codec/testing/decode_anything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hailstone::media::testing::decode_anything({reinterpret_cast<const char*>(data), size});
  return 0;
}
