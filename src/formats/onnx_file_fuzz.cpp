// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any file is an ONNX model, or an Error.

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "formats/onnx_file.hpp"
#include "fuzz/attempt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  hailstone::fuzz::attempt([&] { hailstone::formats::read_onnx_file(in); });
  return 0;
}
