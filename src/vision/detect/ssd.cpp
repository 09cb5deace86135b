// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"

// SSD (Liu et al. 2016) as TensorFlow exports it, coordinates 0 to 1 of the input:
//   after its own suppression: boxes [1,boxes,4] (top, left, bottom, right), classes and scores
//     [1,boxes], how many of them are meant [1];
//   before it: boxes [1,anchors,4] and scores [1,anchors,1 + classes], the first class is the
//     background. With anchors in the options the boxes are (y, x, height, width) relative to them,
//     otherwise corners (left, top, right, bottom) that are decoded already.

namespace hailstone::vision {
namespace {

constexpr float kMiddleVariance = 0.1F;
constexpr float kSizeVariance = 0.2F;

bool contains(const std::string& text, std::string_view part) noexcept {
  return text.find(part) != std::string::npos;
}

struct Suppressed {
  TableView boxes;
  std::span<const float> classes;
  std::span<const float> scores;
  std::size_t count = 0;  ///< of the rows that are meant
  int first_class = 0;  ///< TensorFlow counts from 1 (0 is the background), TensorFlow Lite from 0
};

std::size_t read_count(const FloatTensor& tensor, std::size_t most) noexcept {
  const float value = tensor.values()[0];
  return value >= 0 ? static_cast<std::size_t>(std::min(value, static_cast<float>(most))) : 0;
}

/// Classes and scores have the same shape: by name, otherwise in TensorFlow Lite's order.
std::optional<Suppressed> find_suppressed(const Outputs& outputs) {
  Suppressed found;
  const FloatTensor* count = nullptr;
  std::vector<const FloatTensor*> lists;
  bool has_boxes = false;
  for (const auto& tensor : outputs) {
    const auto shape = tensor.shape();
    if (shape.size() == 2 && shape[1] == 4 && !has_boxes) {
      found.boxes = as_table(tensor);
      has_boxes = true;
    } else if (tensor.values().size() == 1 && count == nullptr &&
               (shape.size() <= 1 || contains(tensor.name(), "num"))) {
      count = &tensor;
    } else if (shape.size() <= 2) {
      lists.push_back(&tensor);
    }
  }
  if (!has_boxes || lists.size() != 2 || lists[0]->values().size() != found.boxes.rows ||
      lists[1]->values().size() != found.boxes.rows) {
    return std::nullopt;
  }
  if (contains(lists[0]->name(), "score")) std::swap(lists[0], lists[1]);
  found.classes = lists[0]->values();
  found.scores = lists[1]->values();
  found.count = count == nullptr ? found.boxes.rows : read_count(*count, found.boxes.rows);
  found.first_class = contains(lists[0]->name(), "detection_classes") ? 1 : 0;
  return found;
}

struct Size {
  float width;
  float height;
};

Detections decode_suppressed(const Suppressed& found, const Size& input,
                             const DetectOptions& options) {
  Candidates candidates(options);
  for (std::size_t row = 0; row < found.count; ++row) {
    Candidate candidate =
        from_corners(found.boxes.at(row, 1) * input.width, found.boxes.at(row, 0) * input.height,
                     found.boxes.at(row, 3) * input.width, found.boxes.at(row, 2) * input.height);
    candidate.score = found.scores[row];
    const float id = found.classes[row];
    candidate.class_id = id >= 0 && id < 65536 ? static_cast<int>(id) - found.first_class : -1;
    candidates.add(candidate);
  }
  return to_detections(candidates.select());
}

/// The anchor moved and scaled.
Candidate read_raw(const TableView& boxes, std::size_t row, const Anchor& anchor) noexcept {
  const auto width = static_cast<float>(anchor.width);
  const auto height = static_cast<float>(anchor.height);
  return from_centre(static_cast<float>(anchor.x) + boxes.at(row, 1) * kMiddleVariance * width,
                     static_cast<float>(anchor.y) + boxes.at(row, 0) * kMiddleVariance * height,
                     width * std::exp(boxes.at(row, 3) * kSizeVariance),
                     height * std::exp(boxes.at(row, 2) * kSizeVariance));
}

bool are_probabilities(const TableView& scores) noexcept {
  for (std::size_t row = 0; row < scores.rows; ++row) {
    for (std::size_t c = 0; c < scores.columns; ++c) {
      if (scores.at(row, c) < 0 || scores.at(row, c) > 1) return false;
    }
  }
  return true;
}

Detections decode_anchors(const TableView& boxes, const TableView& scores, const Size& input,
                          const DetectOptions& options) {
  const bool ready = are_probabilities(scores);
  Candidates candidates(options);
  for (std::size_t row = 0; row < boxes.rows; ++row) {
    const BestColumn best = best_column(scores, row, 1, scores.columns - 1);
    Candidate candidate = options.anchors.empty() ? from_corners(boxes.at(row, 0), boxes.at(row, 1),
                                                                 boxes.at(row, 2), boxes.at(row, 3))
                                                  : read_raw(boxes, row, options.anchors[row]);
    candidate.x *= input.width;
    candidate.y *= input.height;
    candidate.width *= input.width;
    candidate.height *= input.height;
    candidate.score = ready ? best.value : sigmoid(best.value);
    candidate.class_id = static_cast<int>(best.column);
    candidates.add(candidate);
  }
  return to_detections(candidates.select());
}

}  // namespace

Detections decode_ssd(Tensors tensors, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  make_grids(options, {1});  // checks the input's size
  const Size input = {static_cast<float>(options.input_width),
                      static_cast<float>(options.input_height)};
  if (const auto found = find_suppressed(outputs)) return decode_suppressed(*found, input, options);
  std::optional<TableView> boxes;
  std::optional<TableView> scores;
  for (const auto& tensor : outputs) {
    if (tensor.shape().size() != 2) continue;
    const TableView table = as_table(tensor);
    if (table.columns == 4 && !boxes) {
      boxes = table;
    } else if (table.columns > 1 && !scores) {
      scores = table;
    }
  }
  if (!boxes || !scores || boxes->rows != scores->rows) {
    outputs.refuse(
        "boxes [1,boxes,4], classes [1,boxes], scores [1,boxes], count [1]; or boxes "
        "[1,anchors,4] and scores [1,anchors,1+classes]");
  }
  if (!options.anchors.empty() && options.anchors.size() != boxes->rows) {
    throw Error(ErrorCode::kBadRequest, "the model has " + std::to_string(options.anchors.size()) +
                                            " anchors for " + std::to_string(boxes->rows) +
                                            " boxes");
  }
  return decode_anchors(*boxes, *scores, input, options);
}

}  // namespace hailstone::vision
