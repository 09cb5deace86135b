// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/detect/outputs.hpp"

#include <cmath>

#include "base/error.hpp"

namespace hailstone::vision {
namespace {

constexpr std::size_t kMaxOutputs = 64;
constexpr int kMaxSide = 1 << 14;

std::size_t extent(const FloatTensor& tensor, std::size_t index) noexcept {
  return static_cast<std::size_t>(tensor.shape()[index]);
}

/// [rows * columns * anchors, channels] is [rows, columns, anchors * channels] in memory.
std::optional<MapView> find_rows_on_grid(const FloatTensor& tensor, const Grid& grid,
                                         std::size_t anchors, std::size_t channels) noexcept {
  const auto rank = tensor.shape().size();
  const bool fits = (rank == 2 && extent(tensor, 1) == channels) || (rank == 1 && channels == 1);
  if (!fits || extent(tensor, 0) != grid.cells() * anchors) return std::nullopt;
  const std::size_t all = anchors * channels;
  return MapView{tensor.values().data(), grid.rows, grid.columns, all, grid.columns * all, all, 1};
}

}  // namespace

float sigmoid(float value) noexcept {
  return 1.0F / (1.0F + std::exp(-value));
}

Outputs::Outputs(std::span<const inference::Tensor> tensors, const DetectOptions& options) {
  if (tensors.empty() || tensors.size() > kMaxOutputs) {
    throw Error(ErrorCode::kEngineFailed,
                "the network gave " + std::to_string(tensors.size()) + " outputs");
  }
  tensors_.reserve(tensors.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const bool known = i < options.quantization.size();
    tensors_.emplace_back(tensors[i], known ? options.quantization[i] : Quantization{});
  }
}

void Outputs::refuse(std::string_view expected) const {
  std::string found;
  for (const auto& tensor : tensors_) {
    if (!found.empty()) found += ", ";
    found += "\"" + tensor.name() + "\" " + write_shape(tensor.shape());
  }
  throw Error(ErrorCode::kEngineFailed, "the outputs are " + found,
              "the decoder expects " + std::string(expected));
}

std::optional<TableView> find_table(const FloatTensor& tensor,
                                    const std::function<bool(std::size_t)>& fits) {
  if (tensor.shape().size() != 2) return std::nullopt;
  const TableView table = as_table(tensor);
  const bool columns_fit = fits(table.columns);
  const bool rows_fit = fits(table.rows);
  if (rows_fit && (!columns_fit || table.rows <= table.columns)) return table.transposed();
  if (columns_fit) return table;
  return std::nullopt;
}

std::optional<TableView> find_table(const Outputs& outputs,
                                    const std::function<bool(std::size_t)>& fits) {
  for (const auto& tensor : outputs) {
    if (const auto table = find_table(tensor, fits)) return table;
  }
  return std::nullopt;
}

std::vector<Grid> make_grids(const DetectOptions& options, std::initializer_list<int> strides) {
  const int width = options.input_width;
  const int height = options.input_height;
  if (width < 1 || height < 1 || width > kMaxSide || height > kMaxSide) {
    throw Error(ErrorCode::kBadRequest,
                "the size of the network's input is not known: " + std::to_string(width) + " x " +
                    std::to_string(height),
                "the model's manifest names it: input = { width = 640, height = 640 }");
  }
  std::vector<Grid> grids;
  for (const int stride : strides) {
    grids.push_back({static_cast<std::size_t>((height + stride - 1) / stride),
                     static_cast<std::size_t>((width + stride - 1) / stride),
                     static_cast<float>(stride)});
  }
  return grids;
}

std::optional<MapView> find_on_grid(const FloatTensor& tensor, const Grid& grid) noexcept {
  if (tensor.values().empty()) return std::nullopt;
  const auto* data = tensor.values().data();
  // A map without a batch may have one row, which is not to be taken for the batch.
  for (const auto shape : {tensor.full_shape(), tensor.shape()}) {
    if (shape.size() != 3) continue;
    const auto a = static_cast<std::size_t>(shape[0]);
    const auto b = static_cast<std::size_t>(shape[1]);
    const auto c = static_cast<std::size_t>(shape[2]);
    if (a == grid.rows && b == grid.columns) return MapView{data, a, b, c, b * c, c, 1};
    if (b == grid.rows && c == grid.columns) return MapView{data, b, c, a, c, 1, b * c};
  }
  return std::nullopt;
}

MapView need_on_grid(const Outputs& outputs, const Grid& grid, std::size_t anchors,
                     std::size_t channels, std::size_t skip) {
  for (const auto& tensor : outputs) {
    auto map = find_on_grid(tensor, grid);
    if (!map || map->channels != anchors * channels) {
      map = find_rows_on_grid(tensor, grid, anchors, channels);
    }
    if (!map) continue;
    if (skip == 0) return *map;
    --skip;
  }
  outputs.refuse("a map of " + std::to_string(grid.rows) + " x " + std::to_string(grid.columns) +
                 " cells with " + std::to_string(anchors) + " x " + std::to_string(channels) +
                 " channels");
}

}  // namespace hailstone::vision
