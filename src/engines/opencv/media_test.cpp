// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// How good the detectors are on the pictures of HAILSTONE_TEST_ASSETS. The bounds are a little
// below what was measured; docs/starter-models.md has the figures.

#ifdef HAILSTONE_HAS_LEPTONICA

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "engines/opencv/testing/hosted_detector.hpp"
#include "inference/engine.hpp"
#include "inference/read_session.hpp"
#include "inference/tensor_session.hpp"
#include "support/picture_files.hpp"

namespace hailstone::engines::opencv {
namespace {

namespace fs = std::filesystem;
using inference::Box;
using inference::ElementType;
using inference::Tensor;
using testing_support::read_picture;

struct Found {
  Box box;
  double score = 0;
};

struct Tally {
  int found = 0;
  int right = 0;
  int all = 0;
};

Tensor to_tensor(const char* name, const media::Image& image) {
  return {{name, ElementType::kUint8, {1, image.height, image.width, 3}},
          std::vector<std::uint8_t>(image.pixels)};
}

std::vector<float> floats_of(const Tensor& tensor) {
  std::vector<float> values(tensor.data.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return width * height / (a.width * a.height + b.width * b.height - width * height);
}

/// Each true box is found once, by the best box that overlaps it enough.
void count(const std::vector<Found>& found, std::vector<Box> truth, double enough, Tally& tally) {
  tally.all += static_cast<int>(truth.size());
  tally.found += static_cast<int>(found.size());
  for (const auto& box : found) {
    const auto hit = std::find_if(truth.begin(), truth.end(), [&](const Box& other) {
      return overlap(box.box, other) >= enough;
    });
    if (hit == truth.end()) continue;
    ++tally.right;
    truth.erase(hit);
  }
}

class OpenCVMedia : public testing::Test {
 protected:
  void SetUp() override {
    const auto assets = testing_support::find_assets();
    if (!assets) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
    media_ = *assets / "media";
  }

  void load(const char* detector) {
    model_ = engine_->load(hosted::make_card(detector), {}, soon());
  }
  void TearDown() override {
    if (!model_) return;
    std::printf("%d runs of %.0f ms; host %.1f MiB\n", runs_, took_.count() / runs_,
                model_->footprint().host.in_mib());
  }

  std::vector<Tensor> run(const std::vector<Tensor>& inputs) {
    const auto started = std::chrono::steady_clock::now();
    auto outputs = model_->tensor()->run(inputs, soon());
    took_ += std::chrono::steady_clock::now() - started;
    ++runs_;
    return outputs;
  }

  std::vector<Found> detect(const fs::path& file) {
    const auto values = floats_of(run({to_tensor("image", read_picture(file))}).at(0));
    std::vector<Found> found;
    for (std::size_t i = 0; i + 6 <= values.size(); i += 6) {
      EXPECT_GT(values[i + 4], 0);
      EXPECT_LT(values[i + 4], 1);
      found.push_back({{values[i], values[i + 1], values[i + 2], values[i + 3]}, values[i + 4]});
    }
    return found;
  }

  static RunContext soon() { return {Deadline::in(std::chrono::seconds(60)), {}}; }

  fs::path media_;
  std::unique_ptr<inference::Engine> engine_ = hosted::make_hosted();
  std::unique_ptr<inference::Model> model_;
  std::chrono::duration<double, std::milli> took_{0};
  int runs_ = 0;
};

TEST_F(OpenCVMedia, FindsHalfOfThoseBeforeTheBus) {
  load("people-hog");
  const std::vector<Box> people = {
      {48, 399, 196, 504}, {221, 405, 123, 452}, {669, 391, 140, 489}, {0, 551, 66, 322}};
  Tally tally;
  count(detect(media_ / "images/bus.jpg"), people, 0.5, tally);
  std::printf("bus: %d of %d people, %d boxes\n", tally.right, tally.all, tally.found);
  EXPECT_GE(tally.right, 2);
}

TEST_F(OpenCVMedia, FindsPeopleWhoStandOrShowTheirFaces) {
  load("people-hog");
  std::ifstream file(media_ / "coco/annotations/instances_val2017.json");
  const auto coco = nlohmann::json::parse(file);
  std::map<int, std::vector<Box>> people;
  for (const auto& each : coco.at("annotations")) {
    if (each.at("category_id") != 1 || each.at("iscrowd") != 0) continue;
    const auto& box = each.at("bbox");
    people[each.at("image_id")].push_back({box[0], box[1], box[2], box[3]});
  }
  Tally loose;
  Tally tight;
  constexpr std::size_t kEach = 3;  // of the pictures: each takes a second
  const auto& images = coco.at("images");
  for (std::size_t i = 0; i < images.size(); i += kEach) {
    const auto& image = images[i];
    const auto found = detect(media_ / "coco/val2017" / image.at("file_name").get<std::string>());
    count(found, people[image.at("id")], 0.3, loose);
    count(found, people[image.at("id")], 0.5, tight);
  }
  std::printf("COCO: %d boxes; of %d people %d (IoU 0.3), %d (IoU 0.5)\n", loose.found, loose.all,
              loose.right, tight.right);
  EXPECT_GE(loose.right, 3);
  EXPECT_GE(tight.right, 3);
  EXPECT_LE(loose.found, 12);
}

TEST_F(OpenCVMedia, FindsTheFaceOfAPortrait) {
  load("face-cascade");
  int found = 0;
  int more = 0;
  for (const char* name : {"amy", "bernadette", "leonard", "penny", "raj", "sheldon"}) {
    for (int i = 1; i <= 5; ++i) {
      const auto faces = detect(media_ / "faces" / name / (name + std::to_string(i) + ".png"));
      found += faces.empty() ? 0 : 1;
      more += faces.size() > 1 ? 1 : 0;
    }
  }
  std::printf("portraits: %d of 30 with a face, %d with more than one\n", found, more);
  EXPECT_GE(found, 28);
  EXPECT_LE(more, 2);
}

TEST_F(OpenCVMedia, FindsMostFacesOfAGroup) {
  load("face-cascade");
  std::vector<std::size_t> counts;
  for (const char* name : {"bbt1.jpg", "bbt2.jpg", "bbt3.jpg"}) {
    counts.push_back(detect(media_ / "faces" / name).size());
  }
  std::printf("groups: %zu, %zu, %zu faces\n", counts[0], counts[1], counts[2]);
  EXPECT_GE(counts[0] + counts[1] + counts[2], 11U);
}

TEST_F(OpenCVMedia, MatchesTheConesWithinAPixelForMostOfThem) {
  load("stereo-sgbm");
  const auto left = read_picture(media_ / "stereo/cones/im2.png");
  const auto right = read_picture(media_ / "stereo/cones/im6.png");
  const auto truth = read_picture(media_ / "stereo/cones/disp2.pgm");  // pixels times 4; 0: unknown
  const auto values = floats_of(run({to_tensor("left", left), to_tensor("right", right)}).at(0));
  ASSERT_EQ(values.size() * 3, truth.pixels.size());
  int known = 0;
  int empty = 0;
  int bad = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (truth.pixels[i * 3] == 0) continue;
    ++known;
    empty += values[i] == 0 ? 1 : 0;
    bad += values[i] != 0 && std::abs(values[i] - truth.pixels[i * 3] / 4.0) > 1 ? 1 : 0;
  }
  const double matched = known - empty;
  std::printf("cones: %.1f %% without a disparity, of the rest %.1f %% off by more than a pixel\n",
              100.0 * empty / known, 100.0 * bad / matched);
  EXPECT_LT(bad, 0.08 * matched);
  EXPECT_LT(empty, 0.3 * known);
}

}  // namespace
}  // namespace hailstone::engines::opencv

#endif
