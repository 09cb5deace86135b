// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>

#include "base/error.hpp"
#include "vision/dense/class_map.hpp"
#include "vision/dense/depth.hpp"
#include "vision/detect/detector.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/scores/class_scores.hpp"
#include "vision/scores/embedding.hpp"
#include "vision/tensors/float_tensor.hpp"
#include "vision/trial/trial.hpp"

namespace hailstone::vision {
namespace {

/// What rounding may add to a probability, with 8 bits too.
constexpr double kMostProbability = 1.02;
/// Above this two pictures look the same to a network.
constexpr double kSameVector = 0.98;

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

Verdict no(std::string reason) {
  return {false, false, std::move(reason)};
}

Verdict confirmed() {
  return {true, true, {}};
}

bool all_finite(const FloatTensor& tensor) noexcept {
  return std::all_of(tensor.values().begin(), tensor.values().end(),
                     [](float value) { return std::isfinite(value); });
}

/// Middles of YOLOX's boxes are within a cell or two until they are decoded; decoded ones are
/// pixels, and reach all over the picture.
bool has_pixels(const TableView& table) noexcept {
  std::size_t far = 0;
  for (std::size_t row = 0; row < table.rows; ++row) far += std::abs(table.at(row, 0)) > 16;
  return far > table.rows / 2;
}

bool is_always_one(const TableView& table, std::size_t column) noexcept {
  for (std::size_t row = 0; row < table.rows; ++row) {
    if (std::abs(table.at(row, column) - 1) > 1e-3F) return false;
  }
  return true;
}

/// YOLOX's table, decoded by its exporter, is YOLOv5's. YOLOv6 has the same, with an objectness of
/// 1, and was trained with pictures as Ultralytics' networks are.
void look_for_decoded_yolox(KnownNetwork& known, const TrialRun& run) {
  const FloatTensor tensor(run.outputs.front());
  const auto table = find_table(tensor, [](std::size_t columns) { return columns > 5; });
  if (!table || !has_pixels(*table)) return;
  known.decoder = "yolov5";
  if (!is_always_one(*table, 4)) return;
  known.input.color = inference::ColorOrder::kRgb;
  known.input.resize = inference::Resize::kLetterbox;
  known.input.std = {255};
}

/// Whether rows of four are corners, left before right and top before bottom, of about 0 to 1.
bool are_corners(const FloatTensor& tensor) noexcept {
  const auto values = tensor.values();
  std::size_t good = 0;
  for (std::size_t i = 0; i + 3 < values.size(); i += 4) {
    const bool in_order = values[i] <= values[i + 2] && values[i + 1] <= values[i + 3];
    const bool in_range =
        values[i] > -1 && values[i + 1] > -1 && values[i + 2] < 2 && values[i + 3] < 2;
    good += in_order && in_range;
  }
  return good * 4 > values.size() / 10 * 9;
}

/// UltraFace exports its boxes as corners, or as they leave the network, relative to its priors.
void look_for_raw_ultraface(KnownNetwork& known, const TrialRun& run) {
  for (const auto& output : run.outputs) {
    const FloatTensor tensor(output);
    if (tensor.shape().empty() || tensor.shape().back() != 4) continue;
    if (!are_corners(tensor)) known.decoder = "lightface";
  }
}

DetectOptions all_of(const TrialRun& run, std::size_t labels) {
  DetectOptions options;
  options.score_threshold = 0;
  options.suppression.iou_threshold = 1;
  options.suppression.max_detections = 100;
  options.class_count = static_cast<int>(labels);
  options.input_width = run.width;
  options.input_height = run.height;
  return options;
}

/// Which columns of a table are probabilities.
struct ScoreColumns {
  std::size_t first = 4;
  std::size_t after = 0;  ///< how many columns follow them
};

std::optional<ScoreColumns> score_columns(std::string_view decoder, std::size_t columns) {
  if (decoder == "yolov8" || decoder == "yolov5" || decoder == "yolox") return ScoreColumns{4, 0};
  if (decoder == "yolov8-seg" || decoder == "yolov5-seg") return ScoreColumns{4, 32};
  if (decoder == "yolov8-obb" || decoder == "yolov10") return ScoreColumns{4, 1};
  if (decoder == "yolov7-nms") return ScoreColumns{6, 0};
  if (decoder == "yolov8-pose") return ScoreColumns{4, columns - 5};
  return std::nullopt;
}

/// The largest and the smallest of them are within 0 and 1, if it is a table at all; decoders take
/// for granted that they are.
Verdict look_at_scores(const KnownNetwork& known, const TrialRun& run) {
  for (const auto& output : run.outputs) {
    const FloatTensor tensor(output);
    const auto table = find_table(tensor, [](std::size_t columns) { return columns > 5; });
    if (!table) continue;
    const auto place = score_columns(known.decoder, table->columns);
    if (!place || place->first + place->after >= table->columns) return {};
    for (std::size_t row = 0; row < table->rows; ++row) {
      for (std::size_t c = place->first; c < table->columns - place->after; ++c) {
        const float score = table->at(row, c);
        if (score >= -0.02F && score <= kMostProbability) continue;
        return no("its scores reach " + number(score) + ", where 0 to 1 is expected");
      }
    }
    return {};
  }
  return {};
}

/// Boxes may reach beyond the picture, but not all of them, and not be dots.
Verdict look_at_boxes(const std::vector<Detection>& found, const TrialRun& run) {
  double largest = 0;
  std::size_t outside = 0;
  for (const auto& detection : found) {
    const auto& box = detection.box;
    largest = std::max({largest, box.width, box.height});
    outside +=
        box.x > run.width || box.y > run.height || box.x + box.width < 0 || box.y + box.height < 0;
  }
  if (!found.empty() && largest < 2) {
    return no("its boxes are at most " + number(largest) + " pixels large");
  }
  if (outside > found.size() / 2) return no("most of its boxes lie outside of the picture");
  return {};
}

Verdict judge_detector(const KnownNetwork& known, std::span<const TrialRun> runs,
                       std::size_t labels) {
  const Detector* detector = find_detector(known.decoder);
  for (const auto& run : runs) {
    // The labels of pose networks name key points.
    if (auto verdict = look_at_scores(known, run); !verdict.fits) return verdict;
    const bool counts = known.task != "pose" && known.task != "face-detect";
    const auto found = detector->decode(run.outputs, all_of(run, counts ? labels : 0));
    if (auto verdict = look_at_boxes(found, run); !verdict.fits) return verdict;
  }
  return confirmed();
}

/// Whose names or whose user say that it is one needs no more than numbers.
Verdict judge_embedding(const KnownNetwork& known, std::span<const TrialRun> runs) {
  std::vector<std::vector<float>> vectors;
  for (const auto& run : runs) {
    auto vector = read_embedding(run.outputs.front());
    if (known.certainty == Certainty::kSure) continue;
    const auto negative =
        std::count_if(vector.begin(), vector.end(), [](float v) { return v < 0; });
    if (negative == 0)
      return no("its vector has no negative values, as scores or coordinates have");
    vectors.push_back(std::move(vector));
  }
  if (vectors.size() > 1 && cosine(vectors[0], vectors[1]) > kSameVector) {
    return no("it says the same of different pictures");
  }
  return confirmed();
}

Verdict judge_classifier(std::span<const TrialRun> runs, std::size_t labels) {
  for (const auto& run : runs) {
    const auto probabilities = read_probabilities(run.outputs.front());
    if (labels > 0 && probabilities.size() != labels) {
      return no("it has " + std::to_string(probabilities.size()) + " classes, and there are " +
                std::to_string(labels) + " labels");
    }
  }
  return {};
}

Verdict judge_class_map(std::span<const TrialRun> runs, std::size_t labels) {
  for (const auto& run : runs) {
    const FloatTensor tensor(run.outputs.front());
    if (!all_finite(tensor)) return no("its map has values that are no numbers");
    read_class_map(run.outputs.front(), static_cast<int>(labels));
  }
  return {};
}

Verdict judge_depth(const KnownNetwork& known, std::span<const TrialRun> runs) {
  for (const auto& run : runs) {
    const auto depth = read_depth(known.decoder, run.outputs.front());
    const auto& values = depth.plane.values;
    const auto known_values = std::count_if(values.begin(), values.end(),
                                            [](float value) { return std::isfinite(value); });
    if (known_values == 0) return no("its plane has no number in it");
  }
  return {};
}

/// DB: how likely each pixel is text.
Verdict judge_text_map(std::span<const TrialRun> runs) {
  for (const auto& run : runs) {
    const FloatTensor tensor(run.outputs.front());
    const auto [low, high] = std::minmax_element(tensor.values().begin(), tensor.values().end());
    if (low == tensor.values().end() || !all_finite(tensor)) return no("its map has no numbers");
    if (run.outputs.front().info.type == inference::ElementType::kUint8) continue;
    if (*low < -0.02F || *high > kMostProbability) {
      return no("its map reaches from " + number(*low) + " to " + number(*high) + ", not 0 to 1");
    }
  }
  return confirmed();
}

Verdict judge_values(const KnownNetwork& known, std::span<const TrialRun> runs,
                     std::size_t labels) {
  if (find_detector(known.decoder) != nullptr) return judge_detector(known, runs, labels);
  if (known.decoder == "embedding" || known.decoder == "clip") return judge_embedding(known, runs);
  if (known.decoder == "logits") return judge_classifier(runs, labels);
  if (known.decoder == "class-map") return judge_class_map(runs, labels);
  if (known.decoder == "db" || known.decoder == "ppocr") return judge_text_map(runs);
  if (is_depth_decoder(known.decoder)) return judge_depth(known, runs);
  return {};
}

void correct(KnownNetwork& known, const TrialRun& run) {
  if (known.certainty == Certainty::kSure) return;
  if (known.decoder == "yolox" && run.outputs.size() == 1) look_for_decoded_yolox(known, run);
  if (known.decoder == "ssd" && known.task == "face-detect") look_for_raw_ultraface(known, run);
}

}  // namespace

Verdict judge(KnownNetwork& known, std::span<const TrialRun> runs, std::size_t labels) {
  try {
    if (runs.empty() || runs.front().outputs.empty()) return no("it gives no output");
    correct(known, runs.front());
    auto verdict = judge_values(known, runs, labels);
    if (verdict.confirms && known.certainty != Certainty::kSure) {
      known.certainty =
          known.certainty == Certainty::kGuess ? Certainty::kLikely : Certainty::kSure;
    }
    return verdict;
  } catch (const Error& error) {
    return no(error.what() + (error.detail().empty() ? "" : "; " + error.detail()));
  }
}

}  // namespace hailstone::vision
