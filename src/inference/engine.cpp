// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/engine.hpp"

#include "base/error.hpp"

namespace hailstone::inference {

void Engine::quantize(const QuantizeTask&, const OnFraction&, const RunContext&) {
  throw Error(ErrorCode::kUnsupported,
              "the engine '" + std::string(name()) + "' cannot quantize models");
}

}  // namespace hailstone::inference
