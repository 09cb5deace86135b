// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/loads/bounded_loads.hpp"

namespace hailstone::inference {

Error load_too_large(ByteSize taken, ByteSize most) {
  return Error(ErrorCode::kOutOfMemory,
               "the load took " + to_string(taken) + " of memory where " + to_string(most) +
                   " were left for it, and was ended",
               "unload other models, raise memory_limit, or take a smaller model or context");
}

std::vector<std::filesystem::path> files_of(const ModelSpec& spec) {
  std::vector<std::filesystem::path> files = {spec.weights};
  files.insert(files.end(), spec.projectors.begin(), spec.projectors.end());
  files.insert(files.end(), spec.adapters.begin(), spec.adapters.end());
  for (const auto& [kind, file] : spec.networks) files.push_back(file);
  return files;
}

}  // namespace hailstone::inference
