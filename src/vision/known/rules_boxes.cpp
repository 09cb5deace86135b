// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

constexpr std::int64_t kCoefficients = 32;

/// The table's columns and rows, whichever way round, where its rows are the input's cells.
struct Table {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  bool is_transposed = false;  ///< [columns,rows]
};

std::optional<Table> find_table(const Network& network) {
  for (std::size_t i = 0; i < network.outputs().size(); ++i) {
    const Shape shape = network.shape(i);
    if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) continue;
    for (const auto rows : {network.cells(), 3 * network.cells(), network.cells(64)}) {
      if (rows > 0 && shape[1] == rows && shape[0] < rows) return Table{rows, shape[0], true};
      if (rows > 0 && shape[0] == rows) return Table{rows, shape[1], false};
    }
  }
  return std::nullopt;
}

bool has_prototypes(const Network& network) {
  return network.outputs().size() > 1 && network.has_map(kCoefficients);
}

Known make_yolov5(const Network& network, std::int64_t columns) {
  const bool segments = has_prototypes(network);
  const auto classes = columns - 5 - (segments ? kCoefficients : 0);
  if (classes < 1) return std::nullopt;
  return make_known(network, segments ? "segment" : "detect", segments ? "yolov5-seg" : "yolov5",
                    coco_labels(network, classes), Preparation::kUnit);
}

/// The metadata's task; without it what the shape says.
std::string yolov8_task(const Network& network, std::int64_t columns) {
  if (!network.metadata("task").empty()) return std::string(network.metadata("task"));
  if (has_prototypes(network) && columns > 4 + kCoefficients) return "segment";
  if (columns == 5 + 3 * 17) return "pose";
  if (columns == 4 + 15 + 1) return "obb";
  return "detect";
}

Known make_yolov8(const Network& network, std::int64_t columns) {
  const std::string task = yolov8_task(network, columns);
  if (task == "segment" && columns > 4 + kCoefficients) {
    return make_known(network, "segment", "yolov8-seg",
                      coco_labels(network, columns - 4 - kCoefficients), Preparation::kUnit);
  }
  if (task == "pose" && columns >= 8) {
    return make_known(network, "pose", "yolov8-pose", columns == 56 ? "coco17" : "",
                      Preparation::kUnit);
  }
  if (task == "obb" && columns > 5) {
    return make_known(network, "detect-oriented", "yolov8-obb",
                      columns == 20 && network.names().empty() ? "dota15" : "", Preparation::kUnit);
  }
  if (task != "detect" || columns < 5) return std::nullopt;
  return make_known(network, "detect", "yolov8", coco_labels(network, columns - 4),
                    Preparation::kUnit);
}

KnownNetwork make_yolov10(const Network& network) {
  const auto classes = network.class_count(80);
  return make_known(network, "detect", "yolov10",
                    coco_labels(network, static_cast<std::int64_t>(classes)), Preparation::kUnit);
}

Known recognise_end_to_end(const Network& network) {
  const Shape shape = network.shape(0);
  const bool fits =
      network.outputs().size() == 1 && shape.size() == 2 && shape[1] == 6 && network.image();
  if (!fits || (shape[0] != 300 && network.metadata("end2end") != "True")) return std::nullopt;
  return make_yolov10(network);
}

/// YOLOv7's own exporter with suppression inside; as many rows as there are boxes.
Known recognise_suppressed(const Network& network) {
  const Shape shape = network.shape(0);
  const bool fits = network.outputs().size() == 1 && network.image() && shape.size() == 2 &&
                    shape[0] < 0 && shape[1] == 7;
  if (!fits) return std::nullopt;
  return make_known(network, "detect", "yolov7-nms",
                    coco_labels(network, static_cast<std::int64_t>(network.class_count(80))),
                    Preparation::kUnit);
}

/// Of the two sides of a table the one that is known.
std::int64_t known_side(Shape shape) {
  if (shape.size() != 2) return 0;
  return shape[0] > 0 && shape[1] > 0 ? std::min(shape[0], shape[1]) : std::max(shape[0], shape[1]);
}

/// How many columns Ultralytics' exporter gives a table of that task and so many classes.
std::int64_t usual_columns(std::string_view task, std::int64_t classes) {
  if (task == "segment") return 4 + classes + kCoefficients;
  if (task == "obb") return 4 + classes + 1;
  return 4 + classes;
}

}  // namespace

bool is_ultralytics(const Network& network) {
  return !network.metadata("task").empty() || network.metadata("author") == "Ultralytics";
}

/// Where the input may be of any size, and so the table has any number of rows.
Known recognise_ultralytics(const Network& network) {
  const auto task = network.metadata("task");
  const auto classes = static_cast<std::int64_t>(network.class_count(0));
  if (task.empty() || task == "classify" || !network.image() || network.cells() > 0) {
    return std::nullopt;
  }
  const auto columns = known_side(network.shape(0));
  if (network.metadata("end2end") == "True" && columns == 6) return make_yolov10(network);
  if (task == "detect" && classes > 0 && columns == classes + 5)
    return make_yolov5(network, columns);
  if (columns <= 0 && classes == 0) return std::nullopt;
  return make_yolov8(network, columns > 0 ? columns : usual_columns(task, classes));
}

Known recognise_hailo_nms(const Network& network) {
  const auto& output = network.outputs().front();
  if (network.outputs().size() != 1 || output.name.find("nms") == std::string::npos) {
    return std::nullopt;
  }
  if (output.name.find("mask") != std::string::npos) {
    return make_known(network, "segment", "nms-with-byte-mask", "coco80", Preparation::kRaw);
  }
  if (output.type != inference::ElementType::kFloat32) {
    return make_known(network, "detect", "nms-by-score", "coco80", Preparation::kRaw);
  }
  std::int64_t size = 1;
  for (const auto extent : output.shape) {
    if (extent < 1 || extent > (1 << 24) / size) return std::nullopt;
    size *= extent;
  }
  const bool is_coco = size % 80 == 0 && size / 80 % 5 == 1;
  return make_known(network, "detect", "nms-by-class", is_coco ? "coco80" : "", Preparation::kRaw);
}

Known recognise_named_boxes(const Network& network) {
  if (!network.image()) return std::nullopt;
  if (network.has_outputs({"detection_boxes", "detection_classes", "detection_scores"})) {
    return make_known(network, "detect", "ssd", "coco90", Preparation::kRaw);
  }
  // MMDetection calls its outputs dets and labels, too, but they have five columns and one.
  const bool has_rf_names = network.has_outputs({"dets", "labels"}) && network.count_last(4) == 1;
  if (network.has_outputs({"logits", "pred_boxes"}) || has_rf_names) {
    return make_known(network, "detect", "detr", "coco91", Preparation::kImagenet);
  }
  if (network.has_outputs({"hm", "wh"}) || network.has_outputs({"heatmap", "wh"})) {
    return make_known(network, "detect", "centernet", network.has_map(80) ? "coco80" : "",
                      Preparation::kCenterNet);
  }
  if (network.has_outputs({"dets", "keypoints"})) {
    return make_known(network, "pose", "rtmo", "coco17", Preparation::kRawBgr);
  }
  return std::nullopt;
}

Known recognise_yolo_table(const Network& network) {
  if (!network.image()) return std::nullopt;
  if (auto known = recognise_end_to_end(network)) return known;
  if (auto known = recognise_suppressed(network)) return known;
  const auto table = find_table(network);
  if (!table) return std::nullopt;
  if (table->rows == 3 * network.cells()) return make_yolov5(network, table->columns);
  if (table->rows == network.cells(64)) {
    const auto classes = table->columns - 32;
    if (classes < 1 || network.outputs().size() != 1) return std::nullopt;
    return make_known(network, "detect", "nanodet", coco_labels(network, classes),
                      Preparation::kImagenetBgr);
  }
  // YOLOX keeps its rows first, Ultralytics last.
  const bool is_yolox = !table->is_transposed && !is_ultralytics(network) && table->columns != 84 &&
                        table->columns > 5;
  if (!is_yolox) return make_yolov8(network, table->columns);
  return make_known(network, "detect", "yolox", coco_labels(network, table->columns - 5),
                    Preparation::kRawBgr);
}

Known recognise_raw_maps(const Network& network) {
  const auto count = network.outputs().size();
  if (network.has_map(351) && network.has_map(kCoefficients)) {
    return make_known(network, "segment", "yolov5-seg", "coco80", Preparation::kRaw);
  }
  if (!network.image() || !network.has_map(64)) return std::nullopt;
  if (count == 10 && network.has_map(kCoefficients)) {
    return make_known(network, "segment", "yolov8-seg", network.has_map(80) ? "coco80" : "",
                      Preparation::kRaw);
  }
  if (count == 9 && network.has_map(51) && network.has_map(1)) {
    return make_known(network, "pose", "yolov8-pose", "coco17", Preparation::kRaw);
  }
  if (count == 9 && network.has_map(1)) {
    return make_known(network, "detect-oriented", "yolov8-obb", network.has_map(15) ? "dota15" : "",
                      Preparation::kRaw);
  }
  if (count != 6) return std::nullopt;
  return make_known(network, "detect", "yolov8", network.has_map(80) ? "coco80" : "",
                    Preparation::kRaw);
}

}  // namespace hailstone::vision
