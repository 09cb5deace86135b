// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"

// Networks that name each object once: nothing is suppressed.

namespace hailstone::vision {
namespace {

/// With a last column for "no object" the scores are a softmax over all of them.
BestColumn best_share(const TableView& table, std::size_t row) noexcept {
  const BestColumn best = best_column(table, row, 0, table.columns - 1);
  float sum = 0;
  for (std::size_t c = 0; c < table.columns; ++c) sum += std::exp(table.at(row, c) - best.value);
  return {best.column, 1 / sum};
}

constexpr int kStride = 4;
constexpr std::size_t kPair = 2;

bool is_named(const FloatTensor& tensor, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return tensor.name().find(part) != std::string::npos;
  });
}

struct Maps {
  std::optional<MapView> heat;
  std::optional<MapView> size;
  std::optional<MapView> offset;
};

/// By name, otherwise in the order of the paper's own code: heat, size, offset.
Maps find_maps(const Outputs& outputs, const Grid& grid) {
  Maps maps;
  for (const auto& tensor : outputs) {
    const auto map = find_on_grid(tensor, grid);
    if (!map) continue;
    const bool is_heat = map->channels != kPair || is_named(tensor, {"hm", "heat", "center"});
    const bool is_offset = is_named(tensor, {"reg", "off"}) || maps.size.has_value();
    auto& place = is_heat ? maps.heat : is_offset ? maps.offset : maps.size;
    if (!place) place = map;
  }
  return maps;
}

bool are_probabilities(const MapView& map) noexcept {
  for (std::size_t row = 0; row < map.height; ++row) {
    for (std::size_t column = 0; column < map.width; ++column) {
      for (std::size_t c = 0; c < map.channels; ++c) {
        const float value = map.at(row, column, c);
        if (value < 0 || value > 1) return false;
      }
    }
  }
  return true;
}

bool is_peak(const MapView& heat, std::size_t row, std::size_t column, std::size_t c) noexcept {
  const float value = heat.at(row, column, c);
  const std::size_t bottom = std::min(row + 2, heat.height);
  const std::size_t right = std::min(column + 2, heat.width);
  for (std::size_t y = row > 0 ? row - 1 : 0; y < bottom; ++y) {
    for (std::size_t x = column > 0 ? column - 1 : 0; x < right; ++x) {
      if (heat.at(y, x, c) > value) return false;
    }
  }
  return true;
}

}  // namespace

// DETR (Carion et al. 2020): logits [1,queries,classes + 1], the last means nothing is there;
// boxes [1,queries,4] as middle and size, 0 to 1 of the input. Its descendants that were trained
// with focal loss (RT-DETR, RF-DETR) have exactly as many logits as labels, each with a sigmoid of
// its own.
Detections decode_detr(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  make_grids(options, {1});  // checks the input's size
  std::optional<TableView> boxes;
  std::optional<TableView> logits;
  for (const auto& tensor : outputs) {
    if (tensor.shape().size() != 2) continue;
    const TableView table = as_table(tensor);
    if (table.columns == 4 && !boxes) {
      boxes = table;
    } else if (table.columns > 1 && !logits) {
      logits = table;
    }
  }
  if (!boxes || !logits || boxes->rows != logits->rows) {
    outputs.refuse("logits [1,queries,classes+1] and boxes [1,queries,4]");
  }
  const bool has_sigmoid =
      logits->columns == static_cast<std::size_t>(std::max(0, options.class_count));
  const auto width = static_cast<float>(options.input_width);
  const auto height = static_cast<float>(options.input_height);
  Candidates candidates(options);
  for (std::size_t row = 0; row < boxes->rows; ++row) {
    BestColumn best =
        has_sigmoid ? best_column(*logits, row, 0, logits->columns) : best_share(*logits, row);
    if (has_sigmoid) best.value = sigmoid(best.value);
    Candidate candidate = from_centre(boxes->at(row, 0) * width, boxes->at(row, 1) * height,
                                      boxes->at(row, 2) * width, boxes->at(row, 3) * height);
    candidate.score = best.value;
    candidate.class_id = static_cast<int>(best.column);
    candidates.add(candidate);
  }
  return to_detections(candidates.select_all());
}

namespace {

/// A class as a float: -1, which nobody wants, for what is none.
int to_class(float value) noexcept {
  return value >= 0 && value < 65536 ? static_cast<int>(value) : -1;
}

TableView need_columns(const Outputs& outputs, std::int64_t columns, std::string_view what) {
  for (const auto& tensor : outputs) {
    const auto rank = tensor.shape().size();
    if (rank == 2 && tensor.shape()[1] == columns) return as_table(tensor);
  }
  outputs.refuse(what);
}

}  // namespace

namespace {

/// Where in a row its parts stand; four corners follow the first.
struct RowForm {
  std::size_t corners;
  std::size_t score;
  std::size_t class_id;
};

/// Rows that were suppressed already: corners in pixels.
Detections decode_rows(const TableView& table, RowForm form, const DetectOptions& options) {
  Candidates candidates(options);
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto corner = [&](std::size_t i) { return table.at(row, form.corners + i); };
    Candidate candidate = from_corners(corner(0), corner(1), corner(2), corner(3));
    candidate.score = table.at(row, form.score);
    candidate.class_id = to_class(table.at(row, form.class_id));
    candidates.add(candidate);
  }
  return to_detections(candidates.select_all());
}

}  // namespace

// YOLOv10 and YOLO26 as exported: [1,boxes,6] with corners in pixels, score, class.
Detections decode_yolov10(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  return decode_rows(need_columns(outputs, 6, "[1,boxes,6]: corners, score, class"), {0, 4, 5},
                     options);
}

// YOLOv7 as its own exporter makes it with suppression inside: [boxes,7] with the picture's number
// in the batch, corners in pixels, class, score. No box at all is a table without rows.
Detections decode_yolov7_nms(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  return decode_rows(need_columns(outputs, 7, "[boxes,7]: picture, corners, class, score"),
                     {1, 6, 5}, options);
}

// What engines give that detect without a network: [boxes,6] with left, top, width, height, score,
// class, in pixels of their input. They may see an object twice.
Detections decode_boxes(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const TableView table = need_columns(outputs, 6, "[boxes,6]: x, y, width, height, score, class");
  Candidates candidates(options);
  for (std::size_t row = 0; row < table.rows; ++row) {
    Candidate candidate = {table.at(row, 0), table.at(row, 1), table.at(row, 2), table.at(row, 3)};
    candidate.score = table.at(row, 4);
    candidate.class_id = to_class(table.at(row, 5));
    candidates.add(candidate);
  }
  return to_detections(candidates.select());
}

// RTMO as MMDeploy exports it, suppressed already: dets [1,persons,5] with corners in pixels and
// score, keypoints [1,persons,points,3].
Detections decode_rtmo(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  std::optional<TableView> boxes;
  const FloatTensor* points = nullptr;
  for (const auto& tensor : outputs) {
    const auto shape = tensor.shape();
    if (shape.size() == 2 && shape[1] == 5) boxes = as_table(tensor);
    if (shape.size() == 3 && shape[2] == 3) points = &tensor;
  }
  if (!boxes || points == nullptr || static_cast<std::size_t>(points->shape()[0]) != boxes->rows) {
    outputs.refuse("dets [1,persons,5] and keypoints [1,persons,points,3]");
  }
  Candidates candidates(options);
  for (std::size_t row = 0; row < boxes->rows; ++row) {
    Candidate candidate =
        from_corners(boxes->at(row, 0), boxes->at(row, 1), boxes->at(row, 2), boxes->at(row, 3));
    candidate.score = boxes->at(row, 4);
    candidate.source = static_cast<std::uint32_t>(row);
    candidates.add(candidate);
  }
  const auto count = static_cast<std::size_t>(points->shape()[1]);
  return to_detections(candidates.select_all(), [&](const Candidate& from, Detection& found) {
    const auto values = points->values().subspan(from.source * count * 3, count * 3);
    for (std::size_t i = 0; i < values.size(); i += 3) {
      found.keypoints.push_back(make_keypoint(values[i], values[i + 1], values[i + 2]));
    }
  });
}

// CenterNet, "Objects as Points" (Zhou et al. 2019), and its family. Three maps of stride 4: how
// likely each cell is the middle of an object of each class, where in its cell that middle lies,
// and how large the object is, both in cells. A middle is a cell that none of its eight neighbours
// outdoes, so that nothing is suppressed.
Detections decode_centernet(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const Grid grid = make_grids(options, {kStride}).front();
  const auto [heat, size, offset] = find_maps(outputs, grid);
  const auto classes = static_cast<std::size_t>(std::max(options.class_count, 0));
  if (!heat || !size || (classes > 0 && heat->channels != classes)) {
    outputs.refuse("maps of stride 4: one with a channel for each class, sizes (2), offsets (2)");
  }
  const bool ready = are_probabilities(*heat);
  Candidates candidates(options);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    for (std::size_t column = 0; column < grid.columns; ++column) {
      for (std::size_t c = 0; c < heat->channels; ++c) {
        const float value = heat->at(row, column, c);
        const float score = ready ? value : sigmoid(value);
        if (!(score >= candidates.threshold()) || !is_peak(*heat, row, column, c)) continue;
        const float x = offset ? offset->at(row, column, 0) : 0.5F;
        const float y = offset ? offset->at(row, column, 1) : 0.5F;
        Candidate candidate = from_centre(
            (static_cast<float>(column) + x) * kStride, (static_cast<float>(row) + y) * kStride,
            size->at(row, column, 0) * kStride, size->at(row, column, 1) * kStride);
        candidate.score = score;
        candidate.class_id = static_cast<int>(c);
        candidates.add(candidate);
      }
    }
  }
  return to_detections(candidates.select_all());
}

}  // namespace hailstone::vision
