// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/engine.hpp"

#include "base/error.hpp"

namespace hailstone::inference {

const EngineDescriptor& Engine::descriptor() const {
  static const EngineDescriptor unknown{""};
  const auto* known = find_known_engine(name());
  return known == nullptr ? unknown : *known;
}

void Engine::quantize(const QuantizeTask&, const OnFraction&, const RunContext&) {
  throw Error(ErrorCode::kUnsupported,
              "the engine '" + std::string(name()) + "' cannot quantize models");
}

}  // namespace hailstone::inference
