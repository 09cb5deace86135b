// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/model_facts.hpp"

#include <array>

namespace hailstone::inference {
namespace {

/// In the order of the enumeration.
constexpr std::array<std::string_view, 9> kCapabilities = {
    "completion", "tools", "insert", "vision", "embedding", "thinking", "image", "audio", "rerank"};

}  // namespace

std::string_view name_of(Capability capability) noexcept {
  return kCapabilities[static_cast<std::size_t>(capability)];
}

std::optional<Capability> find_capability(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kCapabilities.size(); ++i) {
    if (kCapabilities[i] == name) return static_cast<Capability>(i);
  }
  return std::nullopt;
}

}  // namespace hailstone::inference
