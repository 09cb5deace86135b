// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/vision/columns.hpp"
#include "cli/vision/task.hpp"

namespace hailstone::cli {
namespace {

constexpr VisionOption kModel{"--model", "model", "MODEL", "instead of the task's default"};
constexpr VisionOption kThreshold{"--threshold", "threshold", "NUMBER",
                                  "only what is at least so sure, 0 to 1"};
constexpr VisionOption kMax{"--max", "max", "NUMBER", "at most so many"};
constexpr VisionOption kClasses{"--classes", "classes", "LABEL,...", "only these"};
constexpr VisionOption kRegion{"--region", "region", "X,Y,WIDTH,HEIGHT",
                               "only this part of the picture, in pixels"};
constexpr VisionOption kIou{"--iou", "iou", "NUMBER",
                            "overlap from which two boxes are one object, 0 to 1"};
constexpr VisionOption kTiles{
    "--tiles", "tiles", "WHEN",
    "look at large pictures in parts, too, for small objects: auto, on, off"};
constexpr VisionOption kMask{"--mask", "mask", "FORM", "of the masks in JSON: rle, polygon, png"};
constexpr VisionOption kSegments{"--kind", "kind", "KIND",
                                 "instance: each object; semantic: what each pixel belongs to"};
constexpr VisionOption kColormap{"--colormap", "colormap", "NAME",
                                 "for --color: inferno, viridis, turbo, ..."};
constexpr VisionOption kFocal{"--focal", "focal", "PIXELS", "of the pair's cameras"};
constexpr VisionOption kBaseline{"--baseline", "baseline", "METRES",
                                 "between the pair's cameras: makes metres of disparities"};
constexpr VisionOption kLanguage{"--language", "language", "CODES",
                                 "of the text, as Tesseract has them: deu, deu+eng"};
constexpr VisionOption kMinSimilarity{"--min-similarity", "min_similarity", "NUMBER",
                                      "from which on a face is a person's, -1 to 1"};
constexpr VisionOption kTemplate{"--template", "template", "TEXT",
                                 "what is compared, {} is the label: 'a photo of a {}.'"};
constexpr VisionOption kLabels{"--labels", "labels", "TEXT,...", "what the picture may show"};

constexpr Column kLabel{"LABEL", label_cell};
constexpr Column kConfidence{"CONFIDENCE", confidence_cell};
constexpr Column kX{"X", x_cell};
constexpr Column kY{"Y", y_cell};
constexpr Column kWidth{"WIDTH", width_cell};
constexpr Column kHeight{"HEIGHT", height_cell};
constexpr Column kArea{"AREA", area_cell};
constexpr Column kPersonId{"PERSON", person_id_cell};
constexpr Column kJoints{"JOINTS", joints_cell};
constexpr Column kPerson{"PERSON", person_cell};
constexpr Column kSimilarity{"SIMILARITY", similarity_cell};
constexpr Column kKind{"KIND", kind_cell};
constexpr Column kUnit{"UNIT", unit_cell};
constexpr Column kMinimum{"MIN", min_cell};
constexpr Column kMaximum{"MAX", max_cell};

/// The header X-Hailstone-Depth: "kind=metric; unit=m; min=0.4; max=7.25".
Json read_figures(const net::ClientResponse& reply) {
  Json figures = Json::object();
  for (const auto& part : split(reply.find_header("X-Hailstone-Depth").value_or(""), ';')) {
    const auto middle = part.find('=');
    if (middle == std::string::npos) continue;
    const std::string value(trim(part.substr(middle + 1)));
    const Json number = Json::parse(value, nullptr, false);
    figures[std::string(trim(part.substr(0, middle)))] = number.is_number() ? number : Json(value);
  }
  if (!figures.empty()) return figures;
  throw Error(ErrorCode::kEngineFailed, "the service does not say what its depth map means");
}

std::vector<VisionTask> make_tasks() {
  const std::vector<VisionOption> objects = {kModel,  kThreshold, kClasses, kMax,
                                             kRegion, kIou,       kTiles};
  std::vector<VisionOption> masks = objects;
  masks.push_back(kMask);
  masks.push_back(kSegments);
  return {
      {.name = "detect",
       .help = "find objects in pictures",
       .route = "/api/detect",
       .options = objects,
       .text_formats = {"coco", "yolo", "dota", "classes"},
       .saving = Saving::kDrawing,
       .columns = {kLabel, kConfidence, kX, kY, kWidth, kHeight}},
      {.name = "pose",
       .help = "find people and their joints",
       .route = "/api/pose",
       .options = objects,
       .text_formats = {"coco", "openpose", "openpose-coco"},
       .saving = Saving::kDrawing,
       .columns = {kPersonId, kConfidence, kX, kY, kWidth, kHeight, kJoints}},
      {.name = "segment",
       .help = "find objects and their outlines",
       .route = "/api/segment",
       .options = masks,
       .text_formats = {"coco", "yolo", "classes"},
       .saving = Saving::kDrawing,
       .columns = {kLabel, kConfidence, kX, kY, kWidth, kHeight, kArea}},
      {.name = "depth",
       .help = "measure how far away everything is",
       .route = "/api/depth",
       .options = {kModel, kColormap, kFocal, kBaseline},
       .saving = Saving::kDepth,
       .takes_pairs = true,
       .columns = {kKind, kUnit, kMinimum, kMaximum},
       .read = read_figures},
      {.name = "faces",
       .help = "find faces, and whose they are",
       .route = "/api/faces",
       .options = {kModel, kThreshold, kMax, kRegion, kTiles, kMinSimilarity},
       .saving = Saving::kDrawing,
       .columns = {kPerson, kSimilarity, kConfidence, kX, kY, kWidth, kHeight}},
      {.name = "ocr",
       .help = "read the text in pictures",
       .route = "/api/ocr",
       .options = {kModel, kLanguage, kRegion},
       .text_formats = {"text", "tsv", "hocr"}},
      {.name = "classify",
       .help = "say what pictures show",
       .route = "/api/classify",
       .options = {kModel, kLabels, kTemplate, kMax, kThreshold},
       .columns = {kLabel, kConfidence}},
  };
}

}  // namespace

Json read_json(const net::ClientResponse& reply) {
  Json value = Json::parse(reply.body, nullptr, false);
  if (value.is_array() || value.is_object()) return value;
  throw Error(ErrorCode::kEngineFailed, "the service does not answer in JSON",
              "Is it Hailstone that listens there?");
}

const std::vector<VisionTask>& vision_tasks() {
  static const std::vector<VisionTask> tasks = make_tasks();
  return tasks;
}

}  // namespace hailstone::cli
