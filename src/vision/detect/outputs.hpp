// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A network's outputs as floats, and how decoders find among them what they need: by shape, because
// names differ between exports.

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "vision/detect/detector.hpp"
#include "vision/tensors/float_tensor.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {

/// Borrows the tensors.
class Outputs {
 public:
  /// Throws Error(kEngineFailed) where a tensor's bytes do not fit its shape, or there are too
  /// many.
  Outputs(std::span<const inference::Tensor> tensors, const DetectOptions& options);

  std::size_t size() const noexcept { return tensors_.size(); }
  const FloatTensor& operator[](std::size_t index) const noexcept { return tensors_[index]; }
  auto begin() const noexcept { return tensors_.begin(); }
  auto end() const noexcept { return tensors_.end(); }

  /// Error(kEngineFailed): the outputs' names and shapes, and what was expected.
  [[noreturn]] void refuse(std::string_view expected) const;

 private:
  std::vector<FloatTensor> tensors_;
};

/// The tensor with one row per object, if its shape is one of a table where fits(columns) holds for
/// one side; for both, the shorter one is the columns.
std::optional<TableView> find_table(const FloatTensor& tensor,
                                    const std::function<bool(std::size_t)>& fits);

/// The first of the outputs that find_table finds.
std::optional<TableView> find_table(const Outputs& outputs,
                                    const std::function<bool(std::size_t)>& fits);

/// Cells of one stride.
struct Grid {
  std::size_t rows = 0;
  std::size_t columns = 0;
  float stride = 0;

  std::size_t cells() const noexcept { return rows * columns; }
};

/// Throws Error(kBadRequest) where the options do not say a sensible size of the input.
std::vector<Grid> make_grids(const DetectOptions& options, std::initializer_list<int> strides);

/// The tensor as a map on the grid: [rows,columns,channels] or, where that does not fit,
/// [channels,rows,columns]; with how many channels it has.
std::optional<MapView> find_on_grid(const FloatTensor& tensor, const Grid& grid) noexcept;

/// The first output that has anchors * channels values in each cell: as a map, or as a table of
/// [rows * columns * anchors, channels]. The view has anchors * channels channels. Skips as many
/// as told before. Throws Error(kEngineFailed).
MapView need_on_grid(const Outputs& outputs, const Grid& grid, std::size_t anchors,
                     std::size_t channels, std::size_t skip = 0);

float sigmoid(float value) noexcept;

}  // namespace hailstone::vision
