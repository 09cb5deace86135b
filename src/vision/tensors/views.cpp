// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/tensors/views.hpp"

#include <limits>
#include <optional>

#include "vision/tensors/float_tensor.hpp"

namespace hailstone::vision {
namespace {

std::optional<MapView> find_map(const FloatTensor& tensor, std::size_t channels) noexcept {
  const auto shape = tensor.shape();
  const auto size = [&](std::size_t i) { return static_cast<std::size_t>(shape[i]); };
  const auto* data = tensor.values().data();
  if (tensor.values().empty()) return std::nullopt;
  if (shape.size() == 2 && channels == 1) return MapView{data, size(0), size(1), 1, size(1), 1, 1};
  if (shape.size() != 3) return std::nullopt;
  if (size(2) == channels) {
    return MapView{data, size(0), size(1), channels, size(1) * channels, channels, 1};
  }
  if (size(0) == channels) {
    return MapView{data, size(1), size(2), channels, size(2), 1, size(1) * size(2)};
  }
  return std::nullopt;
}

}  // namespace

BestColumn best_column(const TableView& table, std::size_t row, std::size_t first,
                       std::size_t count) noexcept {
  BestColumn best{0, -std::numeric_limits<float>::infinity()};
  for (std::size_t c = 0; c < count; ++c) {
    const float value = table.at(row, first + c);
    if (value > best.value) best = {c, value};
  }
  return best;
}

TableView as_table(const FloatTensor& tensor) {
  const auto shape = tensor.shape();
  if (shape.size() != 2) tensor.refuse("[rows,columns] or [1,rows,columns]");
  const auto columns = static_cast<std::size_t>(shape[1]);
  return {tensor.values().data(), static_cast<std::size_t>(shape[0]), columns, columns, 1};
}

MapView as_map(const FloatTensor& tensor, std::size_t channels) {
  const auto map = find_map(tensor, channels);
  if (!map) tensor.refuse("a map of " + std::to_string(channels) + " channels");
  return *map;
}

bool is_map(const FloatTensor& tensor, std::size_t channels) noexcept {
  return find_map(tensor, channels).has_value();
}

}  // namespace hailstone::vision
