// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any file is a Modelfile, or an Error; any text is a list of labels, or none.

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/files/modelfile.hpp"
#include "fuzz/attempt.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::cli::parse_modelfile(text); });
  return 0;
}
