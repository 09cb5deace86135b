// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the layers of a manifest are, as registries and Ollama name it.

#include <string>

namespace hailstone::library {

inline const std::string kImage = "application/vnd.ollama.image.";  ///< before the layer's kind
inline const std::string kConfig = "application/vnd.docker.container.image.v1+json";

}  // namespace hailstone::library
