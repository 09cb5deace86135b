// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any file is a Modelfile or an ONNX model, or an Error.

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "cli/files/modelfile.hpp"
#include "cli/files/onnx_header.hpp"
#include "fuzz/attempt.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::cli::parse_modelfile(text); });
  attempt([&] {
    std::istringstream in(text);
    hailstone::cli::read_onnx_header(in);
  });
  hailstone::cli::find_labels(text);
  return 0;
}
