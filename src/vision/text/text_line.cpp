// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/text/text_line.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "vision/tensors/views.hpp"

namespace hailstone::vision {
namespace {

constexpr double kSumTolerance = 0.25;  ///< of probabilities in 8 bits

Quantization quantization_of(const inference::Tensor& tensor, const Quantization& given) noexcept {
  const bool is_byte = tensor.info.type == inference::ElementType::kUint8 ||
                       tensor.info.type == inference::ElementType::kInt8;
  return is_byte && given.scale == 1 && given.zero_point == 0 ? Quantization{1.0 / 255, 0} : given;
}

/// One row per step, whatever dimensions of 1 stand before.
TableView steps_of(const FloatTensor& tensor, std::size_t classes) {
  const auto shape = tensor.shape();
  const bool fits =
      !shape.empty() && static_cast<std::size_t>(shape.back()) == classes && classes > 0;
  if (!fits) tensor.refuse("[steps," + std::to_string(classes) + "], as many as characters");
  return {tensor.values().data(), tensor.values().size() / classes, classes, classes, 1};
}

bool are_probabilities(const TableView& steps) noexcept {
  for (std::size_t row = 0; row < steps.rows; ++row) {
    double sum = 0;
    for (std::size_t c = 0; c < steps.columns; ++c) {
      const float value = steps.at(row, c);
      if (!(value >= 0)) return false;
      sum += value;
    }
    if (!(std::abs(sum - 1) <= kSumTolerance)) return false;
  }
  return true;
}

struct Best {
  std::size_t index = 0;
  double probability = 0;
};

Best best_of(const TableView& steps, std::size_t row, bool ready) noexcept {
  Best best;
  float value = -INFINITY;
  for (std::size_t c = 0; c < steps.columns; ++c) {
    if (steps.at(row, c) > value) {
      value = steps.at(row, c);
      best.index = c;
    }
  }
  if (ready) {
    best.probability = std::min(value, 1.0F);
    return best;
  }
  double sum = 0;
  for (std::size_t c = 0; c < steps.columns; ++c) {
    const double part = std::exp(static_cast<double>(steps.at(row, c)) - value);
    if (std::isfinite(part)) sum += part;
  }
  best.probability = sum > 0 ? 1 / sum : 0;
  return best;
}

TextLine collapse(const TableView& steps, std::span<const std::string> alphabet,
                  std::size_t blank) {
  const bool ready = are_probabilities(steps);
  TextLine line;
  double sum = 0;
  std::size_t before = blank;
  for (std::size_t row = 0; row < steps.rows; ++row) {
    const Best best = best_of(steps, row, ready);
    if (best.index != blank && best.index != before) {
      line.text += alphabet[best.index];
      line.positions.push_back((static_cast<double>(row) + 0.5) / static_cast<double>(steps.rows));
      sum += best.probability;
    }
    before = best.index;
  }
  if (!line.positions.empty()) line.confidence = sum / static_cast<double>(line.positions.size());
  return line;
}

bool is_blank(const std::string& line) noexcept {
  return line.empty() || line == "blank" || line == "<blank>";
}

}  // namespace

std::vector<std::string> make_alphabet(std::span<const std::string> lines, std::size_t classes) {
  std::vector<std::string> alphabet;
  if (lines.empty() || !is_blank(lines.front())) alphabet.emplace_back();
  alphabet.insert(alphabet.end(), lines.begin(), lines.end());
  alphabet.front().clear();
  if (alphabet.size() + 1 == classes) alphabet.emplace_back(" ");
  if (alphabet.size() != classes) {
    throw Error(ErrorCode::kBadRequest,
                "the model's characters are " + std::to_string(lines.size()) +
                    ", its network has " + std::to_string(classes) + " classes",
                "one class is the blank, and one may be the space");
  }
  return alphabet;
}

std::size_t count_classes(const inference::Tensor& tensor) {
  const auto& shape = tensor.info.shape;
  if (shape.size() < 2 || shape.back() < 2) {
    throw Error(ErrorCode::kEngineFailed,
                "the output \"" + tensor.info.name + "\" has the shape " + write_shape(shape),
                "its decoder expects [steps,classes]");
  }
  return static_cast<std::size_t>(shape.back());
}

TextLine read_text_line(const inference::Tensor& tensor, std::span<const std::string> alphabet,
                        Quantization quantization) {
  const FloatTensor floats(tensor, quantization_of(tensor, quantization));
  return collapse(steps_of(floats, alphabet.size()), alphabet, 0);
}

TextLine read_plate(const inference::Tensor& tensor, std::span<const std::string> alphabet,
                    Quantization quantization) {
  const FloatTensor floats(tensor, quantization_of(tensor, quantization));
  const TableView all = steps_of(floats, alphabet.size());
  const auto shape = floats.shape();
  const std::size_t steps =
      shape.size() > 2 ? static_cast<std::size_t>(shape[shape.size() - 2]) : all.rows;
  if (steps == 0 || all.rows == 0) return {};  // without values, steps may be any number
  std::vector<float> means(steps * all.columns);
  const std::size_t rows = all.rows / steps;
  for (std::size_t i = 0; i < rows * means.size(); ++i) {
    means[i % means.size()] += floats.values()[i] / static_cast<float>(rows);
  }
  return collapse({means.data(), steps, all.columns, all.columns, 1}, alphabet,
                  alphabet.size() - 1);
}

}  // namespace hailstone::vision
