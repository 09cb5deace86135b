// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/model_spec.hpp"

namespace hailstone::inference {

ModelSpec network_spec(const ModelSpec& spec, std::string_view kind) {
  ModelSpec network;
  network.name = spec.name + " (" + std::string(kind) + ")";
  network.engine = spec.engine;
  network.weights = spec.networks.find(kind)->second;
  const std::string suffix = "." + std::string(kind);
  for (const auto& [name, value] : spec.settings) {
    if (!name.ends_with(suffix)) continue;
    network.settings[name.substr(0, name.size() - suffix.size())] = value;
  }
  return network;
}

}  // namespace hailstone::inference
