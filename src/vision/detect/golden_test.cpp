// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Every decoder against the reference in tests/reference.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support/golden.hpp"
#include "vision/detect/detector.hpp"

namespace hailstone::vision {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(HAILSTONE_ROOM_DIR) / "testdata" / "golden";

struct Case {
  std::string decoder;
  DetectOptions options;
  std::vector<inference::Tensor> outputs;
};

void read_option(std::istringstream& line, const std::string& key, Case& made) {
  auto& options = made.options;
  if (key == "decoder") line >> made.decoder;
  if (key == "input") line >> options.input_width >> options.input_height;
  if (key == "score") line >> options.score_threshold;
  if (key == "iou") line >> options.suppression.iou_threshold;
  if (key == "classes") line >> options.class_count;
  if (key == "max") line >> options.suppression.max_detections;
  if (key.starts_with("anchor")) {
    auto& anchor = options.anchors.emplace_back();
    line >> anchor.x >> anchor.y >> anchor.width >> anchor.height;
  }
  if (key == "output") {
    std::string name;
    auto& quantization = options.quantization.emplace_back();
    line >> name >> quantization.scale >> quantization.zero_point;
    made.outputs.emplace_back().info.name = name;
  }
}

Case read_case(const fs::path& folder) {
  Case made;
  std::istringstream lines(testing::read_file(folder / "options.txt"));
  for (std::string text; std::getline(lines, text);) {
    std::istringstream line(text);
    std::string key;
    line >> key;
    read_option(line, key, made);
  }
  for (std::size_t i = 0; i < made.outputs.size(); ++i) {
    const std::string name = made.outputs[i].info.name;
    made.outputs[i] = testing::read_npy(folder / ("output" + std::to_string(i) + ".npy"));
    made.outputs[i].info.name = name;
  }
  return made;
}

/// As the reference writes it: box, score, class, angle, then key points or coefficients.
std::vector<double> flatten(const Detection& found) {
  std::vector<double> row = {found.box.x,      found.box.y, found.box.width,
                             found.box.height, found.score, static_cast<double>(found.class_id),
                             found.angle};
  for (const auto& point : found.keypoints) {
    row.insert(row.end(), {point.x, point.y, point.confidence});
  }
  row.insert(row.end(), found.mask_coefficients.begin(), found.mask_coefficients.end());
  return row;
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kGolden)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, DecodesAsTheReferenceDoes) {
  const auto folder = kGolden / GetParam();
  const Case given = read_case(folder);
  const auto* detector = find_detector(given.decoder);
  ASSERT_NE(detector, nullptr);
  const auto found = detector->decode(given.outputs, given.options);
  const auto expected = testing::read_npy(folder / "expected.npy");
  const auto values = testing::read_floats(folder / "expected.npy");
  const auto columns = static_cast<std::size_t>(expected.info.shape.at(1));
  ASSERT_EQ(found.size(), static_cast<std::size_t>(expected.info.shape.at(0)));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto row = flatten(found[i]);
    ASSERT_EQ(row.size(), columns);
    for (std::size_t c = 0; c < columns; ++c) {
      const double wanted = values[i * columns + c];
      EXPECT_NEAR(row[c], wanted, 2e-4 * std::max(1.0, std::abs(wanted)))
          << "detection " << i << ", value " << c;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, Golden, ::testing::ValuesIn(case_names()),
                         [](const auto& test) { return test.param; });

TEST(Detectors, EachHasAGoldenCase) {
  std::set<std::string, std::less<>> covered;
  for (const auto& name : case_names()) covered.insert(read_case(kGolden / name).decoder);
  for (const auto& detector : detectors()) {
    if (detector.name == "nms-with-byte-mask") continue;  // detector_test.cpp: no floats
    EXPECT_TRUE(covered.contains(detector.name)) << detector.name;
  }
}

}  // namespace
}  // namespace hailstone::vision
