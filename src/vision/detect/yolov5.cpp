// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/detect/yolov8_parts.hpp"

// Ultralytics' YOLOv5 (and v7). As exported: rows of box (middle and size in pixels), objectness
// and class scores, all through their sigmoids. As raw maps (HEF): per cell three anchors of the
// same values before their sigmoids. Segmentation adds 32 mask coefficients as they are.

namespace hailstone::vision {
namespace {

constexpr std::size_t kAnchors = 3;

struct Size {
  float width;
  float height;
};

constexpr std::array<std::array<Size, kAnchors>, 3> kAnchorSizes = {{
    {{{10, 13}, {16, 30}, {33, 23}}},
    {{{30, 61}, {62, 45}, {59, 119}}},
    {{{116, 90}, {156, 198}, {373, 326}}},
}};

/// The values of one object: box 4, objectness, classes, coefficients.
struct Values {
  const float* data;
  std::size_t step;

  float operator[](std::size_t index) const noexcept { return data[index * step]; }
};

struct Layout {
  std::size_t classes;
  std::size_t coefficients;

  std::size_t size() const noexcept { return 5 + classes + coefficients; }
};

bool fits(std::size_t columns, int class_count, std::size_t coefficients) noexcept {
  const std::size_t other = 5 + coefficients;
  return class_count > 0 ? columns == other + static_cast<std::size_t>(class_count)
                         : columns > other;
}

BestColumn best_class(const Values& values, const Layout& layout) noexcept {
  return best_column({values.data, 1, layout.size(), 0, values.step}, 0, 5, layout.classes);
}

void fill_coefficients(const Values& values, const Layout& layout, Detection& found) {
  found.mask_coefficients.reserve(layout.coefficients);
  for (std::size_t c = 0; c < layout.coefficients; ++c) {
    append_coefficient(found.mask_coefficients, values[5 + layout.classes + c]);
  }
}

Detections decode_table(const TableView& table, std::size_t coefficients,
                        const DetectOptions& options) {
  const Layout layout{table.columns - 5 - coefficients, coefficients};
  const auto row_of = [&](std::size_t row) {
    return Values{table.data + row * table.row_step, table.column_step};
  };
  Candidates candidates(options);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const Values values = row_of(row);
    if (!(values[4] >= candidates.threshold())) continue;
    const BestColumn best = best_class(values, layout);
    Candidate candidate = from_centre(values[0], values[1], values[2], values[3]);
    candidate.score = values[4] * best.value;
    candidate.class_id = static_cast<int>(best.column);
    candidate.source = static_cast<std::uint32_t>(row);
    candidates.add(candidate);
  }
  return to_detections(candidates.select(), [&](const Candidate& from, Detection& found) {
    fill_coefficients(row_of(from.source), layout, found);
  });
}

struct AnchorMap {
  Grid grid;
  MapView map;
  const std::array<Size, kAnchors>* sizes;
  std::size_t first;  ///< of all anchors of all cells
};

Candidate read_box(const Values& values, const AnchorMap& map, std::size_t row, std::size_t column,
                   const Size& anchor) noexcept {
  const float stride = map.grid.stride;
  const float width = 2 * sigmoid(values[2]);
  const float height = 2 * sigmoid(values[3]);
  return from_centre((2 * sigmoid(values[0]) - 0.5F + static_cast<float>(column)) * stride,
                     (2 * sigmoid(values[1]) - 0.5F + static_cast<float>(row)) * stride,
                     width * width * anchor.width, height * height * anchor.height);
}

Values values_of(const AnchorMap& map, const Layout& layout, std::size_t index) noexcept {
  const std::size_t cell = index / kAnchors;
  return {map.map.cell(cell / map.grid.columns, cell % map.grid.columns) +
              index % kAnchors * layout.size() * map.map.channel_step,
          map.map.channel_step};
}

void scan(const AnchorMap& map, const Layout& layout, Candidates& candidates) {
  for (std::size_t index = 0; index < map.grid.cells() * kAnchors; ++index) {
    const Values values = values_of(map, layout, index);
    const float objectness = sigmoid(values[4]);
    if (!(objectness >= candidates.threshold())) continue;
    const BestColumn best = best_class(values, layout);
    const std::size_t cell = index / kAnchors;
    Candidate candidate = read_box(values, map, cell / map.grid.columns, cell % map.grid.columns,
                                   (*map.sizes)[index % kAnchors]);
    candidate.score = objectness * sigmoid(best.value);
    candidate.class_id = static_cast<int>(best.column);
    candidate.source = static_cast<std::uint32_t>(map.first + index);
    candidates.add(candidate);
  }
}

/// How many classes maps of so many channels have.
std::optional<Layout> find_layout(std::size_t channels, std::size_t coefficients,
                                  int class_count) noexcept {
  if (channels % kAnchors != 0 || !fits(channels / kAnchors, class_count, coefficients)) {
    return std::nullopt;
  }
  return Layout{channels / kAnchors - 5 - coefficients, coefficients};
}

struct AnchorMaps {
  Layout layout;
  std::vector<AnchorMap> maps;
};

AnchorMaps find_maps(const Outputs& outputs, std::size_t coefficients,
                     const DetectOptions& options) {
  AnchorMaps found{};
  std::size_t first = 0;
  const auto grids = make_grids(options, {8, 16, 32});
  for (std::size_t i = 0; i < grids.size(); ++i) {
    std::optional<MapView> map;
    std::optional<Layout> layout;
    for (std::size_t t = 0; t < outputs.size() && !layout; ++t) {
      map = find_on_grid(outputs[t], grids[i]);
      if (map) layout = find_layout(map->channels, coefficients, options.class_count);
    }
    if (!layout || (i > 0 && layout->classes != found.layout.classes)) {
      outputs.refuse("[1,boxes,5+classes" + std::string(coefficients > 0 ? "+32" : "") +
                     "], or 3 times that in each cell of the strides 8, 16 and 32");
    }
    found.layout = *layout;
    found.maps.push_back({grids[i], *map, &kAnchorSizes[i], first});
    first += grids[i].cells() * kAnchors;
  }
  return found;
}

Detections decode_maps(const Outputs& outputs, std::size_t coefficients,
                       const DetectOptions& options) {
  const auto [layout, maps] = find_maps(outputs, coefficients, options);
  Candidates candidates(options);
  for (const auto& map : maps) scan(map, layout, candidates);
  const auto values_from = [&maps = maps, &layout = layout](std::size_t index) {
    std::size_t i = maps.size() - 1;
    while (index < maps[i].first) --i;
    return values_of(maps[i], layout, index - maps[i].first);
  };
  return to_detections(candidates.select(),
                       [&, &layout = layout](const Candidate& from, Detection& found) {
                         fill_coefficients(values_from(from.source), layout, found);
                       });
}

Detections decode(Tensors tensors, std::size_t coefficients, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto table = find_table(outputs, [&](std::size_t columns) {
    return fits(columns, options.class_count, coefficients);
  });
  return table ? decode_table(*table, coefficients, options)
               : decode_maps(outputs, coefficients, options);
}

}  // namespace

Detections decode_yolov5(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, 0, options);
}

Detections decode_yolov5_seg(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, kMaskCoefficients, options);
}

}  // namespace hailstone::vision
